package dev.pubsub.redis.nodes;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.pubsub.redis.admin.IdRange;
import dev.pubsub.redis.admin.StoredMessage;
import dev.pubsub.redis.admin.StreamAdmin;
import dev.pubsub.redis.producer.Durability;
import dev.pubsub.redis.producer.ProducerOptions;
import dev.pubsub.redis.producer.ProducerSession;
import dev.pubsub.redis.producer.PublishException;
import dev.pubsub.redis.producer.PublishOptions;
import dev.pubsub.redis.producer.PublishResult;
import dev.pubsub.redis.test.RedisCluster;
import dev.pubsub.redis.test.RedisServerProcess;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.stream.RecordId;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Messages that a server refuses since another one has, or gets, their stream.
 */
@Tag("nodes")
class RedirectionIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final Duration TIMEOUT = ProducerOptions.defaults().timeout();

	private static final PublishOptions DURABLE = PublishOptions.defaults().withDurability(Durability.ofReplicas(1));

	/**
	 * No replica is promoted within a test.
	 */
	private static final String[] PATIENT = { "--cluster-node-timeout", "60000" };

	private static final int MOVES = 20;

	private static final int IN_FLIGHT = 1000;

	@Test
	void deadServerThatMovedNamesHoldsUpNoOtherStream() {
		try (RedisCluster cluster = RedisCluster.start(3, 0, PATIENT);
				NodesApplication application = NodesApplication.on(cluster)) {
			RedisServerProcess dead = cluster.masters().get(0);
			RedisServerProcess healthy = cluster.masters().get(1);
			String moved = cluster.keyOn(healthy, "moved");
			String other = MovingSlot.besides(cluster, healthy, moved);
			connect(application, other, PublishOptions.defaults());
			try (Pulse pulse = Pulse.on(application.producer, other, PublishOptions.defaults())) {
				await().atMost(PATIENCE).until(() -> pulse.sent() > 50);
				String deadId = MovingSlot.id(dead);
				dead.kill();
				new MovingSlot(cluster, moved).assign(healthy, deadId);
				pulse.forgetLongest();

				long start = System.nanoTime();
				List<CompletableFuture<RecordId>> ids = publish(application, moved, 0, 200);
				await().atMost(PATIENCE).until(() -> ids.stream().allMatch(CompletableFuture::isDone));
				Duration ended = Duration.ofNanos(System.nanoTime() - start);
				pulse.stop();
				await().atMost(PATIENCE).until(pulse::isAnswered);

				System.out.println("others at most " + pulse.longest() + ", redirected ones ended after " + ended);
				assertThat(pulse.failures()).isEmpty();
				assertThat(pulse.longest()).isLessThan(Duration.ofMillis(500));
				assertThat(ended).isLessThan(TIMEOUT.plusSeconds(1));
				assertThat(ids).allSatisfy((id) -> assertThat(statusOf(id)).isEqualTo(PublishResult.Status.REJECTED));
			}
		}
	}

	@Test
	void keepsOrderWhileSlotMovesToAndFro() throws InterruptedException {
		try (RedisCluster cluster = RedisCluster.start(3, 0);
				NodesApplication application = NodesApplication.on(cluster)) {
			RedisServerProcess one = cluster.masters().get(0);
			RedisServerProcess two = cluster.masters().get(1);
			String stream = cluster.keyOn(one, "orders");
			MovingSlot slot = new MovingSlot(cluster, stream);
			List<CompletableFuture<RecordId>> ids = new ArrayList<>();
			connect(application, stream, PublishOptions.defaults());
			Semaphore open = new Semaphore(IN_FLIGHT);
			AtomicInteger published = new AtomicInteger();
			AtomicInteger answered = new AtomicInteger();
			Thread mover = new Thread(() -> {
				for (int i = 0; i < MOVES; i++) {
					RedisServerProcess from = cluster.masterOf(stream);
					RedisServerProcess to = (from == one) ? two : one;
					slot.begin(from, to);
					slot.moveKeys(from, to);
					slot.finish(from, to);
					slot.awaitAgreement(to);
					// A server that has the slot again takes what follows on what it
					// refused.
					int before = published.get();
					await().atMost(PATIENCE).until(() -> answered.get() > before);
				}
			}, "mover");
			mover.start();
			while (mover.isAlive()) {
				open.acquire();
				CompletableFuture<RecordId> id = application.producer.publishAsync(stream,
						"m" + published.getAndIncrement());
				id.whenComplete((sent, failure) -> {
					answered.incrementAndGet();
					open.release();
				});
				ids.add(id);
			}
			int count = published.get();

			assertThat(CompletableFuture.allOf(ids.toArray(CompletableFuture[]::new))).succeedsWithin(PATIENCE);
			System.out.println(count + " messages in order");
			List<String> kept = payloads(application, stream);
			List<String> expected = IntStream.range(-1, count).mapToObj((i) -> (i < 0) ? "first" : "m" + i).toList();
			int same = 0;
			while (same < Math.min(kept.size(), count) && kept.get(same).equals(expected.get(same))) {
				same++;
			}
			assertThat(kept.stream().skip(same).limit(10).toList()).as("In order from message %d of %d on", same, count)
				.isEqualTo(expected.stream().skip(same).limit(10).toList());
			assertThat(kept).hasSameSizeAs(expected);
		}
	}

	@Test
	void durableMessagesGoToTheServerThatASlotIsOnItsWayTo() {
		try (RedisCluster cluster = RedisCluster.start(3, 1);
				NodesApplication application = NodesApplication.on(cluster)) {
			List<RedisServerProcess> masters = cluster.masters();
			List<String> streams = masters.stream().map((master) -> cluster.keyOn(master, "bills")).toList();
			List<MovingSlot> slots = streams.stream().map((stream) -> new MovingSlot(cluster, stream)).toList();
			streams.forEach((stream) -> connect(application, stream, DURABLE));
			List<Pulse> pulses = streams.stream()
				.map((stream) -> Pulse.on(application.producer, stream, DURABLE))
				.toList();
			try {
				awaitMore(pulses);
				for (int i = 0; i < 3; i++) {
					slots.get(i).begin(masters.get(i), masters.get((i + 1) % 3));
				}
				awaitMore(pulses);
				for (int i = 0; i < 3; i++) {
					slots.get(i).moveKeys(masters.get(i), masters.get((i + 1) % 3));
				}
				// Half moved: each message goes by ASK now.
				awaitMore(pulses);
				ProducerSession session = application.producer.newSession();
				streams.forEach((stream) -> session.add(stream, "in a session", DURABLE));
				assertThat(session.commit()).hasSize(3).doesNotContainNull();
				assertThat(application.producer.publish(streams.get(0), "alone", DURABLE)).isNotNull();
				for (int i = 0; i < 3; i++) {
					slots.get(i).finish(masters.get(i), masters.get((i + 1) % 3));
				}
				awaitMore(pulses);
			}
			finally {
				pulses.forEach(Pulse::stop);
			}

			await().atMost(PATIENCE).until(() -> pulses.stream().allMatch(Pulse::isAnswered));
			assertThat(pulses).allSatisfy((pulse) -> assertThat(pulse.failures()).isEmpty());
			pulses.forEach((pulse) -> System.out.println(pulse.sent() + " durable, longest " + pulse.longest()));
			for (int i = 0; i < 3; i++) {
				List<String> kept = payloads(application, streams.get(i));
				assertThat(kept.stream().filter((payload) -> payload.startsWith("m")).toList())
					.containsExactlyElementsOf(
							IntStream.range(0, pulses.get(i).sent()).mapToObj((n) -> "m" + n).toList());
				assertThat(kept).hasSize(1 + pulses.get(i).sent() + ((i == 0) ? 2 : 1));
			}
		}
	}

	@Test
	void sessionsGoOnWhileSlotsMove() {
		try (RedisCluster cluster = RedisCluster.start(3, 0);
				NodesApplication application = NodesApplication.on(cluster)) {
			RedisServerProcess one = cluster.masters().get(0);
			RedisServerProcess two = cluster.masters().get(1);
			String moving = cluster.keyOn(one, "orders");
			String staying = MovingSlot.besides(cluster, one, moving);
			MovingSlot slot = new MovingSlot(cluster, moving);
			commit(application, moving, staying, 0);
			slot.begin(one, two);
			commit(application, moving, staying, 1);
			slot.moveKeys(one, two);
			commit(application, moving, staying, 2);
			slot.finish(one, two);
			commit(application, moving, staying, 3);

			assertThat(Stream.of(moving, staying)).allSatisfy((stream) -> assertThat(payloads(application, stream))
				.containsExactlyElementsOf(IntStream.range(0, 400).mapToObj((i) -> "m" + i).toList()));
		}
	}

	/**
	 * The first connections take their time on a busy machine.
	 */
	private static void connect(NodesApplication application, String stream, PublishOptions options) {
		await().atMost(PATIENCE)
			.ignoreException(PublishException.class)
			.until(() -> application.producer.publish(stream, "first", options) != null);
	}

	private static void commit(NodesApplication application, String moving, String staying, int round) {
		ProducerSession session = application.producer.newSession();
		for (int i = 0; i < 100; i++) {
			session.add(moving, "m" + (round * 100 + i));
			session.add(staying, "m" + (round * 100 + i));
		}
		assertThat(session.commit()).hasSize(200).doesNotContainNull();
	}

	private static void awaitMore(List<Pulse> pulses) {
		List<Integer> before = pulses.stream().map(Pulse::sent).toList();
		await().atMost(PATIENCE)
			.until(() -> IntStream.range(0, pulses.size()).allMatch((i) -> pulses.get(i).sent() > before.get(i) + 50));
	}

	private static List<CompletableFuture<RecordId>> publish(NodesApplication application, String stream, int from,
			int count) {
		return IntStream.range(from, from + count)
			.mapToObj((i) -> application.producer.publishAsync(stream, "m" + i))
			.toList();
	}

	private static PublishResult.Status statusOf(CompletableFuture<RecordId> id) {
		return id.handle((sent, failure) -> {
			Throwable cause = (failure != null && failure.getCause() != null && !(failure instanceof PublishException))
					? failure.getCause() : failure;
			return (cause instanceof PublishException ex) ? ex.results().get(0).status() : PublishResult.Status.SENT;
		}).join();
	}

	private static List<String> payloads(NodesApplication application, String stream) {
		try (StreamAdmin admin = StreamAdmin.create(application.factory)) {
			List<String> payloads = new ArrayList<>();
			List<StoredMessage> page = admin.range(stream, IdRange.all(), 10_000);
			while (!page.isEmpty()) {
				page.forEach((entry) -> payloads.add(entry.fields().getText("payload")));
				IdRange rest = IdRange.all().withFromAfter(page.get(page.size() - 1).id());
				page = admin.range(stream, rest, 10_000);
			}
			return payloads;
		}
	}

}
