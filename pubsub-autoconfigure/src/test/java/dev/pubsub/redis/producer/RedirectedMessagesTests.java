package dev.pubsub.redis.producer;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.FakeFailures;
import dev.pubsub.redis.internal.redis.RedisRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What becomes of messages, as a sender sees it, that servers send on to each other,
 * refuse, or leave without a reply.
 */
@Timeout(60)
class RedirectedMessagesTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final BackgroundThreads threads = BackgroundThreads.platform();

	/** What each server has, by its letter. */
	private final Map<String, Queue<String>> kept = new ConcurrentHashMap<>();

	@AfterEach
	void close() {
		this.threads.close();
	}

	@Test
	void deadServerThatIsNamedHoldsUpItsStreamOnly() {
		StubCluster cluster = cluster(
				(server, number) -> number.startsWith("moved") ? failed("MOVED 1 d:1") : execute(server, number));
		cluster.server("d");
		AsyncPublisher publisher = publisher(cluster, Duration.ofMillis(300));

		List<CompletableFuture<PublishResult>> moved = IntStream.range(0, 5)
			.mapToObj((i) -> publisher.publish(entry("moved", "moved" + i)))
			.toList();
		cluster.moved("m", "d");
		CompletableFuture<PublishResult> other = publisher.publish(entry("orders", "other"));

		assertThat(other).isCompleted();
		assertThat(moved).allSatisfy((result) -> assertThat(result).succeedsWithin(PATIENCE)
			.extracting(PublishResult::status)
			.isEqualTo(PublishResult.Status.REJECTED));
	}

	@Test
	void laterMessagesDoNotOvertakeThoseThatAreSentOn() {
		List<Runnable> replies = new ArrayList<>();
		StubCluster cluster = cluster((server, number) -> {
			if (server.equals("n")) {
				return execute(server, number);
			}
			CompletableFuture<EntryId> reply = new CompletableFuture<>();
			replies.add(() -> reply.completeExceptionally(FakeFailures.reply("MOVED 1 n:1")));
			return reply;
		});
		cluster.server("n").connection.complete(null);
		AsyncPublisher publisher = publisher(cluster, PATIENCE);

		List<CompletableFuture<PublishResult>> results = new ArrayList<>();
		for (int i = 0; i < 10; i++) {
			results.add(publisher.publish(entry("orders", "m" + i)));
		}
		cluster.moved("o", "n");
		results.add(publisher.publish(entry("orders", "m10")));
		while (!replies.isEmpty()) {
			replies.remove(0).run();
		}

		assertThat(CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))).succeedsWithin(PATIENCE);
		assertThat(this.kept.get("n")).containsExactlyElementsOf(numbers(11));
	}

	@Test
	void followsServerThatIsNamedForOnceInOrder() {
		StubCluster cluster = cluster(
				(server, number) -> server.equals("o") ? failed("ASK 1 n:1") : execute(server, number));
		cluster.server("n").connection.complete(null);
		AsyncPublisher publisher = publisher(cluster, PATIENCE);

		List<CompletableFuture<PublishResult>> results = IntStream.range(0, 20)
			.mapToObj((i) -> publisher.publish(entry("orders", "m" + i)))
			.toList();

		assertThat(CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))).succeedsWithin(PATIENCE);
		assertThat(this.kept.get("n?")).containsExactlyElementsOf(numbers(20));
	}

	@Test
	void asksTheFormerServerAgainWhenTheOneItNamedForOnceCannotBeReached() {
		Set<String> asked = ConcurrentHashMap.newKeySet();
		StubCluster cluster = cluster(
				(server, number) -> asked.add(number) ? failed("ASK 1 n:1") : execute(server, number));
		cluster.server("n");
		AsyncPublisher publisher = publisher(cluster, PATIENCE);

		List<CompletableFuture<PublishResult>> results = IntStream.range(0, 20)
			.mapToObj((i) -> publisher.publish(entry("orders", "m" + i)))
			.toList();

		assertThat(CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))).succeedsWithin(PATIENCE);
		assertThat(this.kept.get("o")).containsExactlyElementsOf(numbers(20));
	}

	@Test
	void endsWhatASilentServerDoesNotAnswer() {
		StubCluster cluster = cluster((server, number) -> new CompletableFuture<>());
		AsyncPublisher publisher = publisher(cluster, Duration.ofMillis(200));

		List<CompletableFuture<PublishResult>> results = IntStream.range(0, 4)
			.mapToObj((i) -> publisher.publish(entry("orders", "m" + i)))
			.toList();

		assertThat(results).allSatisfy((result) -> assertThat(result).succeedsWithin(PATIENCE));
		assertThat(results.stream().map(CompletableFuture::join).map(PublishResult::status)).containsExactly(
				PublishResult.Status.UNKNOWN, PublishResult.Status.UNKNOWN, PublishResult.Status.REJECTED,
				PublishResult.Status.REJECTED);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 })
	void everyMessageEndsInTimeAndAsItIsSaidTo(int seed) {
		Random random = new Random(seed);
		Set<String> executed = ConcurrentHashMap.newKeySet();
		StubCluster[] cluster = new StubCluster[1];
		cluster[0] = cluster((server, number) -> answer(cluster[0], random, server, number, executed));
		for (String letter : List.of("a", "b")) {
			cluster[0].server(letter).connection.complete(null);
		}
		AsyncPublisher publisher = publisher(cluster[0], Duration.ofMillis(300));

		List<CompletableFuture<PublishResult>> results = new ArrayList<>();
		for (int i = 0; i < 300; i++) {
			results.add(publisher.publish(entry("abc".charAt(i % 3) + "-orders", "m" + i)));
		}

		assertThat(CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))).succeedsWithin(PATIENCE);
		for (int i = 0; i < results.size(); i++) {
			PublishResult result = results.get(i).join();
			if (result.status() != PublishResult.Status.UNKNOWN) {
				assertThat(executed.contains("m" + i)).as("m%d is %s: %s", i, result.status(), result.cause())
					.isEqualTo(result.status() == PublishResult.Status.SENT);
			}
		}
	}

	/**
	 * Answer as servers of a cluster may on a bad day.
	 */
	private CompletableFuture<EntryId> answer(StubCluster cluster, Random random, String server, String number,
			Set<String> executed) {
		synchronized (random) {
			switch (random.nextInt(12)) {
				case 0 -> {
					return failed("LOADING Redis is loading the dataset in memory");
				}
				case 1 -> {
					return failed("TRYAGAIN Multiple keys request during rehashing of slot");
				}
				case 2 -> {
					return failed("ASK 1 " + "abc".charAt(random.nextInt(3)) + ":1");
				}
				case 3 -> {
					String heir = "" + "abc".charAt(random.nextInt(3));
					cluster.moved(server.substring(0, 1), heir);
					return failed("MOVED 1 " + heir + ":1");
				}
				case 4 -> {
					executed.add(number);
					return CompletableFuture.failedFuture(FakeFailures.noReply());
				}
				case 5 -> {
					return failed("ERR something else");
				}
				case 6 -> {
					if (random.nextInt(20) == 0) {
						return new CompletableFuture<>();
					}
					return CompletableFuture.failedFuture(FakeFailures.notConnected());
				}
				default -> {
					assertThat(executed.add(number)).as("Executed once").isTrue();
					CompletableFuture<EntryId> reply = new CompletableFuture<>();
					this.threads.after(Duration.ofMillis(random.nextInt(10)),
							() -> reply.complete(EntryId.parse("1-1")));
					return reply;
				}
			}
		}
	}

	private StubCluster cluster(Server server) {
		StubCluster cluster = new StubCluster((name, request) -> server.answer(name, number(request)));
		cluster.server("o").connection.complete(null);
		cluster.server("m").connection.complete(null);
		return cluster;
	}

	private AsyncPublisher publisher(StubCluster cluster, Duration timeout) {
		return new AsyncPublisher(cluster, new FeatureDetection(), 1000, timeout, this.threads);
	}

	private CompletableFuture<EntryId> execute(String server, String number) {
		this.kept.computeIfAbsent(server, (any) -> new ConcurrentLinkedQueue<>()).add(number);
		return CompletableFuture.completedFuture(EntryId.parse("1-1"));
	}

	private static CompletableFuture<EntryId> failed(String error) {
		return CompletableFuture.failedFuture(FakeFailures.reply(error));
	}

	private static List<String> numbers(int count) {
		return IntStream.range(0, count).mapToObj((i) -> "m" + i).toList();
	}

	private static String number(RedisRequest<?> request) {
		ByteBuf encoded = Unpooled.buffer();
		request.arguments().encode(encoded);
		String[] arguments = encoded.toString(StandardCharsets.UTF_8).split("\r\n");
		return arguments[arguments.length - 1];
	}

	private static OutgoingEntry entry(String stream, String number) {
		return new OutgoingEntry(stream, EntryFields.ofText(Map.of("number", number)), PublishOptions.defaults(),
				ProducerOptions.defaults());
	}

	private interface Server {

		CompletableFuture<EntryId> answer(String name, String number);

	}

}
