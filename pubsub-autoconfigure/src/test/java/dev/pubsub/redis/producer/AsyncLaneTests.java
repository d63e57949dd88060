package dev.pubsub.redis.producer;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.RedisLink;
import dev.pubsub.redis.internal.redis.ServerVersion;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.protocol.CommandType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link AsyncLane}.
 */
class AsyncLaneTests {

	private final Queue<Error> errors = new ArrayDeque<>();

	private final AtomicInteger requests = new AtomicInteger();

	private final StubCluster cluster = new StubCluster((server, request) -> {
		this.requests.incrementAndGet();
		if (!this.errors.isEmpty()) {
			throw this.errors.remove();
		}
		return CompletableFuture.completedFuture(EntryId.parse("1-1"));
	});

	private final BackgroundThreads threads = BackgroundThreads.platform();

	private final AsyncPublisher publisher = publisher(1, Duration.ofSeconds(5));

	@AfterEach
	void close() {
		this.threads.close();
	}

	@BeforeEach
	void connect() {
		this.cluster.server("o").connection.complete(null);
	}

	@Test
	void goesOnAfterErrorWithoutKnowingWhatBecameOfTheMessage() {
		this.errors.add(new Error("No thread to be had"));

		assertThat(publish().status()).isEqualTo(PublishResult.Status.UNKNOWN);
		assertThat(publish().status()).isEqualTo(PublishResult.Status.SENT);
	}

	@Test
	void waitsForServersThatAreNotFoundOnlyOnce() {
		this.cluster.found = false;
		AsyncPublisher impatient = publisher(1, Duration.ofMillis(50));

		CompletableFuture<PublishResult> result = impatient.publish(entry());

		assertThat(result).succeedsWithin(Duration.ofSeconds(5))
			.extracting(PublishResult::status)
			.isEqualTo(PublishResult.Status.REJECTED);
		assertThat(this.requests).hasValue(0);
	}

	@Test
	void sendsAgainWhatTheServerCannotExecuteYetBeforeAllThatCameLater() {
		List<String> sent = new CopyOnWriteArrayList<>();
		AtomicInteger loading = new AtomicInteger(3);
		StubCluster server = new StubCluster((name, request) -> {
			String key = request.arguments().toCommandString();
			sent.add(key);
			return (loading.getAndDecrement() > 0) ? failed("LOADING Redis is loading the dataset in memory")
					: CompletableFuture.completedFuture(EntryId.parse("1-1"));
		});
		server.server("o").connection.complete(null);
		AsyncPublisher patient = new AsyncPublisher(server, new FeatureDetection(), 10, Duration.ofSeconds(5),
				this.threads);

		List<CompletableFuture<PublishResult>> results = Stream.of("1", "2", "3")
			.map((number) -> patient.publish(entry(number)))
			.toList();

		assertThat(CompletableFuture.allOf(results.toArray(CompletableFuture[]::new)))
			.succeedsWithin(Duration.ofSeconds(5));
		assertThat(results)
			.allSatisfy((result) -> assertThat(result.join().status()).isEqualTo(PublishResult.Status.SENT));
		assertThat(sent.subList(sent.size() - 3, sent.size())).isSorted();
	}

	@Test
	void rejectsWithTheReasonWhatNoServerExecutesInTime() {
		StubCluster server = new StubCluster((name, request) -> failed("CLUSTERDOWN The cluster is down"));
		server.server("o").connection.complete(null);
		AsyncPublisher patient = new AsyncPublisher(server, new FeatureDetection(), 10, Duration.ofMillis(200),
				this.threads);

		PublishResult result = patient.publish(entry()).orTimeout(5, TimeUnit.SECONDS).join();

		assertThat(result.status()).isEqualTo(PublishResult.Status.REJECTED);
		assertThat(result.cause()).hasMessageContaining("CLUSTERDOWN");
	}

	@Test
	void handsOnWhatIsOnItsWayToAServerThatIsLeft() {
		AtomicInteger former = new AtomicInteger();
		StubCluster[] all = new StubCluster[1];
		all[0] = new StubCluster((name, request) -> {
			if (name.equals("o")) {
				former.incrementAndGet();
				all[0].left("o", "n");
				return CompletableFuture.failedFuture(all[0].notConnected());
			}
			return CompletableFuture.completedFuture(EntryId.parse("1-1"));
		});
		all[0].server("o").connection.complete(null);
		all[0].server("n").connection.complete(null);
		AsyncPublisher following = new AsyncPublisher(all[0], new FeatureDetection(), 1, Duration.ofSeconds(5),
				this.threads);

		PublishResult result = following.publish(entry()).orTimeout(5, TimeUnit.SECONDS).join();

		assertThat(result.status()).isEqualTo(PublishResult.Status.SENT);
		assertThat(former).hasValue(1);
		assertThat(following.publish(entry()).orTimeout(5, TimeUnit.SECONDS).join().status())
			.isEqualTo(PublishResult.Status.SENT);
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void keepsNothingOfAServerThatIsLeftWhileNothingIsPublished(boolean once) {
		PublishOptions options = once ? PublishOptions.defaults().withIdempotencyId("1") : PublishOptions.defaults();
		StubCluster all = new StubCluster((name, request) -> CompletableFuture
			.completedFuture((request.keyword() == CommandType.INFO) ? ServerVersion.UNKNOWN : EntryId.parse("1-1")));
		all.server("o").connection.complete(null);
		WeakReference<RedisLink> former = new WeakReference<>(all.server("o"));
		AsyncPublisher idle = new AsyncPublisher(all, new FeatureDetection(), 1, Duration.ofMinutes(5), this.threads);
		assertThat(idle.publish(entry("0", options))).isCompleted();

		all.left("o", "n");

		await("nothing is left").atMost(Duration.ofSeconds(10)).until(() -> {
			System.gc();
			return former.get() == null;
		});
		all.server("n").connection.complete(null);
		assertThat(idle.publish(entry("1", options))).isCompleted();
	}

	@Test
	void rejectsInTimeWhatWasHandedOnToAServerThatIsAway() {
		StubCluster[] all = new StubCluster[1];
		all[0] = new StubCluster((name, request) -> {
			all[0].left("o", "n");
			return CompletableFuture.failedFuture(all[0].notConnected());
		});
		all[0].server("o").connection.complete(null);
		AsyncPublisher following = new AsyncPublisher(all[0], new FeatureDetection(), 1, Duration.ofMillis(300),
				this.threads);

		PublishResult result = following.publish(entry()).orTimeout(5, TimeUnit.SECONDS).join();

		assertThat(result.status()).isEqualTo(PublishResult.Status.REJECTED);
	}

	private AsyncPublisher publisher(int maxInFlight, Duration timeout) {
		return new AsyncPublisher(this.cluster, new FeatureDetection(), maxInFlight, timeout, this.threads);
	}

	private static <T> CompletableFuture<T> failed(String error) {
		return CompletableFuture.failedFuture(new RedisCommandExecutionException(error));
	}

	private PublishResult publish() {
		CompletableFuture<PublishResult> result = this.publisher.publish(entry());
		assertThat(result).isCompleted();
		return result.join();
	}

	private static OutgoingEntry entry() {
		return entry("0");
	}

	private static OutgoingEntry entry(String number) {
		return entry(number, PublishOptions.defaults());
	}

	private static OutgoingEntry entry(String number, PublishOptions options) {
		return new OutgoingEntry("orders", EntryFields.ofText(Map.of("number", number)), options,
				ProducerOptions.defaults());
	}

}
