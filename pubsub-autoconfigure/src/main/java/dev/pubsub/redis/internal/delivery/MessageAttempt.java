package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

import dev.pubsub.redis.Delivery;
import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.StreamMessage;
import dev.pubsub.redis.internal.redis.GroupClient;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.stream.RecordId;

/**
 * An attempt to handle a message in flight. Its id is made when it is first used, since
 * few handlers do. Thread-safe: threads that race make the same id.
 */
final class MessageAttempt implements Attempt, Delivery {

	private final InFlightMessage message;

	private final GroupClient client;

	private final Settlements settlements;

	private final LongSupplier ticker;

	private final ConsumerRole role;

	private @Nullable RecordId id;

	MessageAttempt(InFlightMessage message, GroupClient client, Settlements settlements, LongSupplier ticker,
			ConsumerRole role) {
		this.message = message;
		this.client = client;
		this.settlements = settlements;
		this.ticker = ticker;
		this.role = role;
	}

	InFlightMessage inFlight() {
		return this.message;
	}

	@Override
	public StreamMessage<EntryFields> message() {
		return StreamMessage.of(this.message.fields(), this);
	}

	@Override
	public int number() {
		return this.message.attempt();
	}

	@Override
	public boolean isEntryDeleted() {
		return this.message.isDeleted();
	}

	@Override
	public @Nullable Decision decision() {
		return this.message.decision();
	}

	@Override
	public void decide(Decision decision) {
		if (this.message.decide(decision)) {
			this.settlements.decided(this, decision);
		}
	}

	@Override
	public void extend(Duration duration) {
		HandlerRun run = this.message.run();
		if (run != null) {
			run.setDeadline(this.ticker.getAsLong() + duration.toNanos());
		}
	}

	@Override
	public RecordId id() {
		RecordId known = this.id;
		if (known == null) {
			known = this.message.id().toRecordId();
			this.id = known;
		}
		return known;
	}

	@Override
	public String stream() {
		return this.client.group().stream();
	}

	@Override
	public String group() {
		return this.client.group().group();
	}

	@Override
	public String consumer() {
		return this.client.consumer();
	}

	@Override
	public OptionalLong token() {
		return this.role.token();
	}

	@Override
	public int attempt() {
		return this.message.attempt();
	}

	@Override
	public Duration idle() {
		return this.message.idle();
	}

}
