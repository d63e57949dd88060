package dev.pubsub.redis.producer;

import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Stream;

import dev.pubsub.redis.internal.Failures;
import dev.pubsub.redis.test.RefusingServers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What becomes of messages, in every way to publish them, by what servers answer: each
 * has one result, which is true. {@code ResendsTests} is the same for other commands.
 */
@Timeout(120)
class RefusedMessagesTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final List<String> ERRORS = List.of(RefusingServers.MOVED, RefusingServers.ASK,
			"TRYAGAIN Multiple keys request during rehashing of slot", "CLUSTERDOWN The cluster is down",
			"LOADING Redis is loading the dataset in memory", "READONLY You can't write against a read only replica.",
			"NOREPLICAS Not enough good replicas to write.", "MASTERDOWN Link with MASTER is down");

	private final RefusingServers servers = RefusingServers.start();

	private final LettuceConnectionFactory factory = this.servers.cluster();

	private final ExecutorService callers = Executors.newCachedThreadPool();

	@AfterEach
	void close() {
		this.callers.shutdownNow();
		this.factory.destroy();
		this.servers.close();
	}

	private RedisStreamProducer producer(Duration timeout) {
		return RedisStreamProducer.builder(this.factory)
			.options(ProducerOptions.defaults().withTimeout(timeout))
			.build();
	}

	private CompletableFuture<PublishResult.Status> publish(Way way, RedisStreamProducer producer) {
		return CompletableFuture.supplyAsync(() -> way.publish.apply(producer), this.callers)
			.thenCompose(Function.identity())
			.handle((done, failure) -> (failure != null)
					? ((PublishException) Failures.unwrap(failure)).results().get(0).status()
					: PublishResult.Status.SENT);
	}

	static Stream<Arguments> waysAndErrors() {
		return Stream.of(Way.values()).flatMap((way) -> ERRORS.stream().map((error) -> Arguments.of(way, error)));
	}

	static List<String> errors() {
		return ERRORS;
	}

	@ParameterizedTest
	@MethodSource("waysAndErrors")
	void messageArrivesOnceWhenServersExecuteItLater(Way way, String error) {
		try (RedisStreamProducer producer = producer(PATIENCE)) {
			this.servers.refuse(error, 2);

			assertThat(publish(way, producer)).succeedsWithin(PATIENCE).isEqualTo(PublishResult.Status.SENT);
		}
		assertThat(this.servers.executed()).hasSize(1);
		assertThat(this.servers.refused()).isEqualTo(2);
	}

	/**
	 * A command that is on its way again when the time is over is in doubt: then once
	 * more.
	 */
	@ParameterizedTest
	@MethodSource("errors")
	void messageIsRejectedInTimeWhenNoServerExecutesIt(String error) {
		Set<Way> open = EnumSet.allOf(Way.class);
		try (RedisStreamProducer producer = producer(Duration.ofMillis(500))) {
			this.servers.refuse(error, Integer.MAX_VALUE);

			await().atMost(PATIENCE).until(() -> {
				Map<Way, CompletableFuture<PublishResult.Status>> results = new EnumMap<>(Way.class);
				open.forEach((way) -> results.put(way, publish(way, producer)));
				results.forEach((way, result) -> assertThat(result).succeedsWithin(PATIENCE)
					.isIn(PublishResult.Status.REJECTED, PublishResult.Status.UNKNOWN));
				open.removeIf((way) -> results.get(way).join() == PublishResult.Status.REJECTED);
				return open.isEmpty();
			});
		}
		assertThat(this.servers.executed()).isEmpty();
	}

	@ParameterizedTest
	@EnumSource
	void messageWithoutReplyIsInDoubtAndNotSentAgain(Way way) {
		try (RedisStreamProducer producer = producer(PATIENCE)) {
			assertThat(publish(way, producer)).succeedsWithin(PATIENCE).isEqualTo(PublishResult.Status.SENT);
			this.servers.refuse(RefusingServers.LOST, 1);

			assertThat(publish(way, producer)).succeedsWithin(PATIENCE).isEqualTo(PublishResult.Status.UNKNOWN);
		}
		assertThat(this.servers.executed()).hasSize(2);
	}

	@ParameterizedTest
	@EnumSource
	void messageWaitsForTheServerThatTakesThePlaceOfADeadOneWhereTheSenderDoes(Way way) {
		try (RedisStreamProducer producer = producer(PATIENCE)) {
			assertThat(publish(way, producer)).succeedsWithin(PATIENCE);
			this.servers.kill();
			CompletableFuture<PublishResult.Status> waiting = publish(way, producer);
			this.servers.promote();

			// Until the loss of the connection is noticed messages are sent in vain.
			Set<PublishResult.Status> possible = EnumSet.of(PublishResult.Status.SENT, PublishResult.Status.UNKNOWN);
			if (way.isAsync()) {
				possible.add(PublishResult.Status.REJECTED);
			}
			assertThat(waiting).succeedsWithin(PATIENCE).satisfies((status) -> assertThat(possible).contains(status));
			assertThat(this.servers.executed()).hasSize((waiting.join() == PublishResult.Status.SENT) ? 2 : 1);
		}
	}

	/**
	 * A way to publish a message.
	 */
	enum Way {

		SYNC((producer) -> done(producer.publish("orders", "apple"))),

		ONCE((producer) -> done(producer.publish("orders", "apple", Options.ONCE))),

		DURABLE((producer) -> done(producer.publish("orders", "apple", Options.DURABLE))),

		COMMIT((producer) -> done(producer.newSession().add("orders", "apple").commit())),

		COMMIT_ONCE((producer) -> done(producer.newSession().add("orders", "apple", Options.ONCE).commit())),

		COMMIT_DURABLE((producer) -> done(producer.newSession().add("orders", "apple", Options.DURABLE).commit())),

		COMMIT_ASYNC((producer) -> producer.newSession().add("orders", "apple").commitAsync()),

		ASYNC((producer) -> producer.publishAsync("orders", "apple")),

		ASYNC_ONCE((producer) -> producer.publishAsync("orders", "apple", Options.ONCE)),

		ASYNC_DURABLE((producer) -> producer.publishAsync("orders", "apple", Options.DURABLE));

		private final Function<RedisStreamProducer, CompletableFuture<?>> publish;

		Way(Function<RedisStreamProducer, CompletableFuture<?>> publish) {
			this.publish = publish;
		}

		boolean isAsync() {
			return name().startsWith("ASYNC");
		}

		private static CompletableFuture<?> done(Object result) {
			return CompletableFuture.completedFuture(result);
		}

		private static final class Options {

			static final PublishOptions ONCE = PublishOptions.defaults().withIdempotencyId("once");

			static final PublishOptions DURABLE = PublishOptions.defaults()
				.withDurability(Durability.ofReplicas(1).withTimeout(Duration.ofMillis(100)));

		}

	}

}
