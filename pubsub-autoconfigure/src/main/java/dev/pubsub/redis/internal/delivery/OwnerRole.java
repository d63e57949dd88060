package dev.pubsub.redis.internal.delivery;

import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

import dev.pubsub.redis.EntryFormat;
import dev.pubsub.redis.internal.ownership.Tenure;
import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.Fence;
import dev.pubsub.redis.internal.redis.GroupClient;
import dev.pubsub.redis.internal.redis.KeyedEntry;
import dev.pubsub.redis.internal.redis.OwnerTakeover;
import dev.pubsub.redis.internal.redis.RedisLink;
import dev.pubsub.redis.internal.redis.StreamGroup;
import org.jspecify.annotations.Nullable;

/**
 * The owner of a stream. Everything that is pending is made its own before it reads: who
 * owned the stream before can settle no message any more, and the keys of all messages
 * that may come again are known.
 */
final class OwnerRole implements ConsumerRole {

	private static final int PAGE = 200;

	private static final long TIMEOUT_SECONDS = 10;

	private final GroupClients clients;

	private final StreamGroup group;

	private final Tenure tenure;

	private final Fence fence;

	private @Nullable LaneOrder order;

	/**
	 * Create a role.
	 * @param onRefused is told when another consumer owns the stream
	 */
	OwnerRole(GroupClients clients, StreamGroup group, Tenure tenure, Runnable onRefused) {
		this.clients = clients;
		this.group = group;
		this.tenure = tenure;
		this.fence = new Fence(group, tenure.owner(), tenure.token(), onRefused);
	}

	@Override
	public GroupClient over(RedisLink link) {
		return this.clients.over(link, this.group, this.tenure.owner(), this.fence);
	}

	@Override
	public StartOrder order(Consumer<InFlightMessage> start, Consumer<EntryId> claim) {
		LaneOrder lanes = new LaneOrder(start, claim);
		this.order = lanes;
		return lanes;
	}

	@Override
	public boolean takeOver(RedisLink link, InFlightMessages inFlight)
			throws ExecutionException, InterruptedException, TimeoutException {
		LaneOrder lanes = Objects.requireNonNull(this.order);
		OwnerTakeover takeover = this.clients.takeover(link, this.group, this.tenure.owner(), this.fence);
		boolean any = false;
		EntryId last = null;
		List<KeyedEntry> page;
		do {
			page = takeover.take(last, PAGE, EntryFormat.KEY).get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
			for (KeyedEntry entry : page) {
				last = entry.id();
				any = true;
				if (entry.isTaken()) {
					lanes.expect(entry.key(), entry.id());
					inFlight.leave(entry.id(), entry.deliveries());
				}
			}
		}
		while (page.size() == PAGE);
		lanes.complete();
		return any;
	}

	@Override
	public boolean mayStart(long now) {
		return this.tenure.isValid(now);
	}

	@Override
	public OptionalLong token() {
		return OptionalLong.of(this.tenure.token());
	}

}
