package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.delivery.DeliveryModel.Fate;
import dev.pubsub.redis.internal.redis.DeadLetterPlace;
import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.GroupClient;
import dev.pubsub.redis.internal.redis.Ownership;
import dev.pubsub.redis.internal.redis.RedisLink;
import dev.pubsub.redis.internal.redis.ReplyLimit;
import dev.pubsub.redis.internal.redis.StreamConnections;
import dev.pubsub.redis.internal.redis.StreamEntry;
import dev.pubsub.redis.internal.redis.StreamGroup;
import dev.pubsub.redis.internal.redis.TakenEntry;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Random interleavings of what consumers do, on a real Redis, held against a small model.
 * A failure is shrunk to the shortest trace that still fails. The seeds are fixed;
 * {@code -Dpubsub.test.model.seed=…} tries another.
 */
@RedisTest
class DeliveryModelIntegrationTests {

	private static final Duration LEASE = Duration.ofHours(1);

	private static final int STEPS = 120;

	private static final int CONSUMERS = 3;

	private final TestRedis redis;

	private final BackgroundThreads threads = BackgroundThreads.platform();

	private final StreamConnections connections;

	private final RedisLink link;

	private int runs;

	DeliveryModelIntegrationTests(TestRedis redis) throws InterruptedException {
		this.redis = redis;
		this.connections = StreamConnections.to(redis.connectionFactory(), this.threads);
		this.link = this.connections.open("model", Duration.ofSeconds(5));
		this.link.awaitConnection(Duration.ofSeconds(5));
	}

	@AfterEach
	void close() {
		this.link.close();
		this.connections.close();
		this.threads.close();
	}

	@Test
	void agreesWithTheModelWhateverTheOrder() {
		long given = Long.getLong("pubsub.test.model.seed", -1);
		List<Long> seeds = (given >= 0) ? List.of(given) : List.of(1L, 2L, 3L, 5L, 8L, 13L, 21L, 34L);
		for (long seed : seeds) {
			List<Step> trace = Step.random(new Random(seed), STEPS);
			AssertionError failure = run(trace, Ownership.OWNED);
			if (failure != null) {
				throw new AssertionFailedError("Seed " + seed + ": " + shrink(trace, Ownership.OWNED), failure);
			}
		}
	}

	/**
	 * The test of the test: a model that expects every renewal to be lost must fail, and
	 * by a short trace.
	 */
	@Test
	void findsAndShrinksADisagreement() {
		List<Step> trace = Step.random(new Random(1), STEPS);

		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> {
			AssertionError failure = run(trace, Ownership.LOST);
			if (failure != null) {
				throw failure;
			}
		});
		assertThat(shrink(trace, Ownership.LOST)).hasSizeLessThanOrEqualTo(STEPS / 10);
	}

	private List<Step> shrink(List<Step> trace, Ownership whenOwned) {
		List<Step> shortest = new ArrayList<>(trace);
		for (int size = shortest.size() / 2; size > 0; size /= 2) {
			for (int from = 0; from < shortest.size();) {
				List<Step> candidate = new ArrayList<>(shortest);
				candidate.subList(from, Math.min(from + size, candidate.size())).clear();
				if (run(candidate, whenOwned) != null) {
					shortest = candidate;
				}
				else {
					from += size;
				}
			}
		}
		return shortest;
	}

	private AssertionError run(List<Step> trace, Ownership whenOwned) {
		try {
			new Run(this.redis.key("model" + this.runs++), whenOwned).all(trace);
			return null;
		}
		catch (AssertionError ex) {
			return ex;
		}
	}

	/**
	 * One thing that a consumer does.
	 *
	 * @param action what it does
	 * @param consumer which of them
	 * @param entry to which entry, counted from the first
	 */
	record Step(Action action, int consumer, int entry) {

		static List<Step> random(Random random, int count) {
			List<Step> steps = new ArrayList<>();
			for (int i = 0; i < count; i++) {
				Action[] actions = Action.values();
				steps.add(new Step(actions[random.nextInt(actions.length)], random.nextInt(CONSUMERS),
						random.nextInt(20)));
			}
			return steps;
		}

	}

	enum Action {

		ADD, READ, CLAIM, RENEW, ACKNOWLEDGE, FAIL, GIVE_UP, RELEASE, RECOVER, CRASH, PAUSE, RECONNECT

	}

	/**
	 * A trace on a stream of its own.
	 */
	private final class Run {

		private final String stream;

		private final Ownership whenOwned;

		private final DeliveryModel model = new DeliveryModel();

		private final GroupClient[] consumers = new GroupClient[CONSUMERS];

		private int names;

		Run(String stream, Ownership whenOwned) {
			this.stream = stream;
			this.whenOwned = whenOwned;
			for (int i = 0; i < CONSUMERS; i++) {
				start(i);
			}
			get(this.consumers[0].create("0"));
		}

		void all(List<Step> trace) {
			trace.forEach((step) -> {
				perform(step);
				assertThat(pending()).as("pending after %s", step).isEqualTo(this.model.pending());
			});
			assertThat(DeliveryModelIntegrationTests.this.redis.xlen(this.stream + ":dlq"))
				.isEqualTo(this.model.count(Fate.DEAD));
		}

		private void start(int consumer) {
			this.consumers[consumer] = GroupClient.over(DeliveryModelIntegrationTests.this.link,
					new StreamGroup(this.stream, "g"), "c" + this.names++);
		}

		private void perform(Step step) {
			GroupClient client = this.consumers[step.consumer()];
			switch (step.action()) {
				case ADD -> this.model
					.added(EntryId.parse(DeliveryModelIntegrationTests.this.redis.xadd(this.stream, Map.of("n", "1"))));
				case READ -> read(client);
				case CRASH -> start(step.consumer());
				case RECONNECT -> reconnect();
				case CLAIM, RENEW, ACKNOWLEDGE, FAIL, GIVE_UP, RELEASE, RECOVER, PAUSE -> {
					List<EntryId> ids = List.copyOf(this.model.ids());
					if (!ids.isEmpty()) {
						perform(step.action(), client, ids.get(step.entry() % ids.size()));
					}
				}
			}
		}

		private void perform(Action action, GroupClient client, EntryId id) {
			boolean owner = this.model.isOwner(id, client.consumer());
			switch (action) {
				case CLAIM -> claim(client, id);
				case RENEW -> {
					assertThat(get(client.renew(List.of(id))))
						.containsExactly(owner ? this.whenOwned : ownershipOfOthers(id));
					claimableIf(owner, id, false);
				}
				case ACKNOWLEDGE -> {
					assertThat(get(client.acknowledge(List.of(id)))).isEqualTo(this.model.isPending(id) ? 1 : 0);
					settleIf(this.model.isPending(id), id, Fate.DONE);
				}
				case FAIL -> {
					assertThat(get(client.backoff(id, LEASE.multipliedBy(2))))
						.isEqualTo(owner ? Ownership.OWNED : Ownership.LOST);
					claimableIf(owner, id, true);
				}
				case GIVE_UP -> {
					assertThat(get(client.deadLetter(id, new DeadLetterPlace(this.stream + ":dlq", 0, false),
							EntryFields.ofText(Map.of("n", "1")), false)))
						.isEqualTo(owner);
					settleIf(owner, id, Fate.DEAD);
				}
				case RELEASE -> release(client, id, owner);
				case RECOVER -> recover(client, id, owner);
				case PAUSE -> pause(id);
				case ADD, READ, CRASH, RECONNECT -> throw new IllegalArgumentException(action.name());
			}
		}

		/**
		 * A renewal tells an entry that somebody else has from one that nobody has.
		 */
		private Ownership ownershipOfOthers(EntryId id) {
			return this.model.isPending(id) ? Ownership.LOST : Ownership.UNOWNED;
		}

		private void read(GroupClient client) {
			List<EntryId> expected = this.model.undelivered(3);
			List<StreamEntry> read = get(client.read(3, Duration.ofMillis(1), false, Long.MAX_VALUE));
			assertThat(read).extracting(StreamEntry::id).isEqualTo(expected);
			expected.forEach((id) -> this.model.delivered(id, client.consumer()));
		}

		private void claim(GroupClient client, EntryId id) {
			String before = this.model.pending().get(id.toString());
			TakenEntry delivery = get(client.claim(LEASE, List.of(id), ReplyLimit.NONE)).get(0);
			if (!this.model.isClaimable(id)) {
				assertThat(delivery).isEqualTo(new TakenEntry(Ownership.LOST, null, null));
				return;
			}
			this.model.delivered(id, client.consumer());
			assertThat(delivery.ownership()).isEqualTo(Ownership.OWNED);
			assertThat(delivery.entry().id()).isEqualTo(id);
			assertThat(delivery.pending().consumer() + " " + (delivery.pending().deliveries() - 1)).isEqualTo(before);
			assertThat(delivery.pending().idleMillis()).isGreaterThanOrEqualTo(LEASE.toMillis());
		}

		private void release(GroupClient client, EntryId id, boolean owner) {
			assertThat(get(client.release(List.of(id)))).isEqualTo(owner ? 1 : 0);
			if (owner) {
				this.model.handedBack(id);
			}
		}

		private void recover(GroupClient client, EntryId id, boolean owner) {
			TakenEntry delivery = get(client.take(List.of(id), ReplyLimit.NONE)).get(0);
			assertThat(delivery.ownership()).isEqualTo(owner ? Ownership.OWNED : Ownership.LOST);
			if (owner) {
				assertThat(delivery.pending().deliveries()).isEqualTo(this.model.deliveries(id));
			}
			claimableIf(owner, id, false);
		}

		/**
		 * Its owner does nothing for longer than a lease.
		 */
		private void pause(EntryId id) {
			if (this.model.isPending(id)) {
				String owner = this.model.pending().get(id.toString()).split(" ")[0];
				DeliveryModelIntegrationTests.this.redis.execute("XCLAIM", this.stream, "g", owner, "0", id.toString(),
						"IDLE", String.valueOf(LEASE.multipliedBy(2).toMillis()), "JUSTID");
				this.model.setClaimable(id, true);
			}
		}

		private void reconnect() {
			DeliveryModelIntegrationTests.this.link.reset();
			try {
				assertThat(DeliveryModelIntegrationTests.this.link.awaitConnection(Duration.ofSeconds(5))).isTrue();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}

		private void claimableIf(boolean condition, EntryId id, boolean claimable) {
			if (condition) {
				this.model.setClaimable(id, claimable);
			}
		}

		private void settleIf(boolean condition, EntryId id, Fate fate) {
			if (condition) {
				this.model.settled(id, fate);
			}
		}

		private Map<String, String> pending() {
			Map<String, String> pending = new LinkedHashMap<>();
			for (Object item : DeliveryModelIntegrationTests.this.redis.executeForList("XPENDING", this.stream, "g",
					"-", "+", "1000")) {
				List<?> parts = (List<?>) item;
				pending.put(String.valueOf(parts.get(0)), parts.get(1) + " " + parts.get(3));
			}
			return pending;
		}

		private <T> T get(CompletableFuture<T> reply) {
			try {
				return reply.get(5, TimeUnit.SECONDS);
			}
			catch (Exception ex) {
				throw new AssertionError("No reply", ex);
			}
		}

	}

}
