package dev.pubsub.redis.producer;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import dev.pubsub.redis.PayloadConversionException;
import dev.pubsub.redis.internal.redis.RedisKeys;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.stream.RecordId;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@RedisTest
class PublishIntegrationTests {

	private static final Clock clock = Clock.fixed(Instant.ofEpochMilli(1_700_000_000_123L), ZoneOffset.UTC);

	private final TestRedis redis;

	private final String stream;

	private RedisStreamProducer producer;

	PublishIntegrationTests(TestRedis redis) {
		this.redis = redis;
		this.stream = redis.key("orders");
	}

	@BeforeEach
	void open() {
		this.producer = builder().build();
	}

	@AfterEach
	void close() {
		this.producer.close();
	}

	private ProducerBuilder builder() {
		return RedisStreamProducer.builder(this.redis.connectionFactory()).clock(clock);
	}

	@Test
	void writesFlatFieldsOfMapAsTheContractSays() {
		Map<String, Object> payload = new LinkedHashMap<>();
		payload.put("name", "dog");
		payload.put("legs", 4);
		payload.put("tags", List.of("a", "b"));

		RecordId id = this.producer.publish(this.stream, payload);

		assertThat(entries()).containsExactly(List.of(id.getValue(), List.of("name", "dog", "legs", "4", "tags",
				"[\"a\",\"b\"]", "__PUBLISH_TIME", "1700000000123", "__SOURCE", "producer")));
	}

	@Test
	void writesRecordAsJson() {
		this.producer.publish(this.stream, new Order(42, "apple"));

		assertThat(fields(0)).containsExactly("payload", "{\"id\":42,\"item\":\"apple\"}", "__CONTENT_TYPE",
				"application/json", "__PUBLISH_TIME", "1700000000123", "__SOURCE", "producer");
	}

	@Test
	void writesHeadersOfOptionsAndInterceptorsInOrder() {
		List<PublishInterceptor> interceptors = List.of((stream, payload, options) -> options.withHeader("b", "2"),
				(stream, payload, options) -> options.withHeader("seen", options.headers().keySet().toString()));
		try (RedisStreamProducer intercepted = builder().interceptors(interceptors).build()) {
			intercepted.publish(this.stream, "x", PublishOptions.defaults().withHeader("a", "1"));
		}

		assertThat(fields(0)).containsSubsequence("__H_a", "1", "__H_b", "2", "__H_seen", "[a, b]");
	}

	@Test
	void writesTheKeyHoweverTheMessageIsPublished() {
		PublishOptions options = PublishOptions.defaults().withKey("Zoë");

		this.producer.publish(this.stream, "x", options);
		this.producer.publishAsync(this.stream, "x", options).join();
		this.producer.newSession().add(this.stream, "x", options).commit();
		this.producer.publish(this.stream, "x", options.withIdempotencyId("1"));
		this.producer.publish(this.stream, "x", options.withIdempotencyId("2").withId(RecordId.of("9999999999999-0")));

		assertThat(entries()).hasSize(5);
		for (int i = 0; i < 5; i++) {
			assertThat(fields(i)).containsSubsequence("__SOURCE", "producer", "__KEY", "Zoë");
		}
	}

	@Test
	void failureOfAnInterceptorFailsTheFuture() {
		PublishInterceptor interceptor = (stream, payload, options) -> {
			throw new IllegalStateException("no tenant");
		};
		try (RedisStreamProducer intercepted = builder().interceptors(List.of(interceptor)).build()) {
			assertThat(intercepted.publishAsync(this.stream, "x")).failsWithin(Duration.ofSeconds(1))
				.withThrowableThat()
				.withMessageContaining("no tenant");
		}
	}

	@Test
	void usesExplicitIdAndRefusesAnOlderOne() {
		PublishOptions options = PublishOptions.defaults().withId(RecordId.of("5-1"));

		assertThat(this.producer.publish(this.stream, "x", options)).isEqualTo(RecordId.of("5-1"));
		assertThatExceptionOfType(PublishException.class)
			.isThrownBy(() -> this.producer.publish(this.stream, "y", options))
			.satisfies((ex) -> {
				assertThat(ex.results()).extracting(PublishResult::status)
					.containsExactly(PublishResult.Status.REJECTED);
				assertThat(ex.retryable().size()).isOne();
			});
	}

	@Test
	void trimsToMaxLength() {
		PublishOptions exact = PublishOptions.defaults().withMaxLength(3).withApproximate(false);
		for (int i = 0; i < 10; i++) {
			this.producer.publish(this.stream, "x", exact);
		}

		assertThat(this.redis.xlen(this.stream)).isEqualTo(3);
	}

	@Test
	void trimsAsProducerIsToldUnlessTheMessageSaysOtherwise() {
		ProducerOptions options = ProducerOptions.defaults().withMaxLength(2).withApproximate(false);
		try (RedisStreamProducer trimming = builder().options(options).build()) {
			trimming.publish(this.stream, "x", PublishOptions.defaults().withoutTrimming());
			trimming.publish(this.stream, "x", PublishOptions.defaults().withoutTrimming());
			trimming.publish(this.stream, "x", PublishOptions.defaults().withMaxLength(5));
			assertThat(this.redis.xlen(this.stream)).isEqualTo(3);

			trimming.publish(this.stream, "x");
			assertThat(this.redis.xlen(this.stream)).isEqualTo(2);
		}
	}

	@Test
	void trimsNothingWithoutTrimmingWhateverElseIsSaidAboutIt() {
		PublishOptions untrimmed = PublishOptions.defaults().withoutTrimming();
		ProducerOptions options = ProducerOptions.defaults().withMaxLength(2).withApproximate(false);
		try (RedisStreamProducer trimming = builder().options(options).build()) {
			for (int i = 0; i < 5; i++) {
				trimming.publish(this.stream, "x", untrimmed.withApproximate(false));
				trimming.publish(this.stream, "x", untrimmed.withAcknowledgedOnly(false));
			}
			assertThat(this.redis.xlen(this.stream)).isEqualTo(10);

			trimming.publish(this.stream, "x", untrimmed.withApproximate(false).withMaxLength(3));
			assertThat(this.redis.xlen(this.stream)).isEqualTo(3);
		}
	}

	@Test
	void removesEntriesBelowMinId() {
		for (int i = 1; i <= 5; i++) {
			this.producer.publish(this.stream, "x", PublishOptions.defaults().withId(RecordId.of(i, 0)));
		}
		this.producer.publish(this.stream, "x",
				PublishOptions.defaults()
					.withMinId(RecordId.of("4-0"))
					.withApproximate(false)
					.withId(RecordId.of("6-0")));

		assertThat(this.redis.xlen(this.stream)).isEqualTo(3);
	}

	@Test
	void keepsUnreadEntriesWhenTrimmingAcknowledgedOnly() {
		PublishOptions safe = PublishOptions.defaults()
			.withMaxLength(2)
			.withApproximate(false)
			.withAcknowledgedOnly(true);
		for (int i = 0; i < 10; i++) {
			this.producer.publish(this.stream, "x", safe);
		}
		assertThat(this.redis.xlen(this.stream)).as("no group").isEqualTo(10);

		this.redis.execute("XGROUP", "CREATE", this.stream, "billing", "0");
		this.producer.publish(this.stream, "x", safe);
		assertThat(this.redis.xlen(this.stream)).as("nothing acknowledged").isEqualTo(11);
	}

	@Test
	void failsWhenStreamIsAbsentAndMustNotBeCreated() {
		PublishOptions options = PublishOptions.defaults().withCreateStream(false);

		assertThatExceptionOfType(PublishException.class)
			.isThrownBy(() -> this.producer.publish(this.stream, "x", options))
			.withMessageContaining("does not exist")
			.satisfies((ex) -> assertThat(ex.results().get(0).status()).isEqualTo(PublishResult.Status.REJECTED));
		assertThat(this.redis.execute("EXISTS", this.stream)).isEqualTo(0L);
	}

	@Test
	void publishesMessageWithIdempotencyIdOnce() throws Exception {
		PublishOptions options = PublishOptions.defaults().withIdempotencyId("order-42");

		RecordId first = this.producer.publish(this.stream, "x", options);
		RecordId again = this.producer.publish(this.stream, "x", options);
		RecordId async = this.producer.publishAsync(this.stream, "x", options).get(5, TimeUnit.SECONDS);
		List<RecordId> session = this.producer.newSession().add(this.stream, "x", options).commit();
		RecordId other = this.producer.publish(this.stream, "x", options.withIdempotencyId("order-43"));

		assertThat(List.of(again, async, session.get(0))).containsOnly(first);
		assertThat(other).isNotEqualTo(first);
		assertThat(this.redis.xlen(this.stream)).isEqualTo(2);
	}

	/**
	 * With an id of its own a message takes a marker on every server.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "garbage", "7", "7-", "-7", "5-0-0", "5-0 ", "99999999999999999999-0",
			"5-18446744073709551616", "6-0", "3-2" })
	void publishesWhenTheMarkerHoldsNoIdOfTheStream(String marker) {
		PublishOptions options = PublishOptions.defaults();
		this.producer.publish(this.stream, "x", options.withId(RecordId.of("3-1")));
		this.redis.execute("SET", RedisKeys.beside(this.stream, ":idmp:a"), marker);

		RecordId id = this.producer.publish(this.stream, "x",
				options.withId(RecordId.of("5-0")).withIdempotencyId("a"));
		RecordId again = this.producer.publish(this.stream, "x",
				options.withId(RecordId.of("6-0")).withIdempotencyId("a"));

		assertThat(List.of(id, again)).containsOnly(RecordId.of("5-0"));
		assertThat(this.redis.xlen(this.stream)).isEqualTo(2);
	}

	@Test
	void publishesWhenTheMarkerIsOfAnotherType() {
		this.redis.execute("RPUSH", RedisKeys.beside(this.stream, ":idmp:a"), "5-0");

		RecordId id = this.producer.publish(this.stream, "x",
				PublishOptions.defaults().withId(RecordId.of("5-0")).withIdempotencyId("a"));

		assertThat(id).isEqualTo(RecordId.of("5-0"));
		assertThat(this.redis.xlen(this.stream)).isEqualTo(1);
	}

	@Test
	void recognisesAMessageWhoseEntryWasDeletedAndPublishesAgainWhenItsStreamWas() {
		PublishOptions options = PublishOptions.defaults().withIdempotencyId("a");
		this.producer.publish(this.stream, "x", options.withId(RecordId.of("5-0")));
		this.redis.execute("XDEL", this.stream, "5-0");

		assertThat(this.producer.publish(this.stream, "x", options.withId(RecordId.of("6-0"))))
			.isEqualTo(RecordId.of("5-0"));
		assertThat(this.redis.xlen(this.stream)).isZero();

		this.redis.execute("DEL", this.stream);
		assertThat(this.producer.publish(this.stream, "x", options.withId(RecordId.of("7-0"))))
			.isEqualTo(RecordId.of("7-0"));
	}

	@Test
	void recognisesHundredsOfMessagesLater() {
		PublishOptions options = PublishOptions.defaults();
		ProducerSession session = this.producer.newSession();
		for (int round = 0; round < 2; round++) {
			for (int i = 0; i < 3000; i++) {
				session.add(this.stream, "x", options.withIdempotencyId("order-" + i));
			}
		}

		assertThat(session.commit()).hasSize(6000);
		assertThat(this.redis.xlen(this.stream)).isEqualTo(3000);
	}

	@Test
	void refusesAnEntryThatIsTooLarge() {
		ProducerOptions options = ProducerOptions.defaults().withMaxPayload(DataSize.ofBytes(100));
		try (RedisStreamProducer limited = builder().options(options).build()) {
			assertThatExceptionOfType(PayloadConversionException.class)
				.isThrownBy(() -> limited.publish(this.stream, "x".repeat(100)))
				.withMessageContaining("max-payload");
			assertThat(limited.publishAsync(this.stream, "x".repeat(100))).failsWithin(Duration.ofSeconds(1))
				.withThrowableOfType(ExecutionException.class)
				.withCauseInstanceOf(PayloadConversionException.class);
			assertThatExceptionOfType(PayloadConversionException.class)
				.isThrownBy(() -> limited.newSession().add(this.stream, "x".repeat(100)));
		}
		assertThat(this.redis.execute("EXISTS", this.stream)).isEqualTo(0L);
	}

	@Test
	void refusesAnEntryWithTooManyFields() {
		Map<String, Object> payload = new LinkedHashMap<>();
		for (int i = 0; i < 3_600; i++) {
			payload.put("field" + i, i);
		}

		assertThatExceptionOfType(PayloadConversionException.class)
			.isThrownBy(() -> this.producer.publish(this.stream, payload))
			.withMessageContaining("fields");
		assertThat(this.redis.execute("EXISTS", this.stream)).isEqualTo(0L);
	}

	@Test
	void addsNothingWhenItMayNotRememberTheMessage() {
		String user = this.redis.key("app");
		this.redis.execute("ACL", "SETUSER", user, "on", ">secret", "~*", "+@all", "-set");
		RedisStandaloneConfiguration server = new RedisStandaloneConfiguration(this.redis.host(), this.redis.port());
		server.setUsername(user);
		server.setPassword("secret");
		LettuceConnectionFactory factory = new LettuceConnectionFactory(server);
		factory.start();
		try (RedisStreamProducer restricted = RedisStreamProducer.builder(factory).build()) {
			PublishOptions once = PublishOptions.defaults().withIdempotencyId("a");

			assertRejectedOrSent(restricted, once);
		}
		finally {
			factory.destroy();
			this.redis.execute("ACL", "DELUSER", user);
		}
	}

	/**
	 * A server that recognises repetitions itself (Redis 8.6) needs no marker.
	 */
	private void assertRejectedOrSent(RedisStreamProducer restricted, PublishOptions once) {
		long expected = 1;
		try {
			restricted.publish(this.stream, "x", once);
		}
		catch (PublishException ex) {
			expected = 0;
			assertThat(ex.results()).extracting(PublishResult::status).containsExactly(PublishResult.Status.REJECTED);
		}
		assertThat(this.redis.xlen(this.stream)).isEqualTo(expected);
	}

	@Test
	void remembersNothingOfAMessageThatWasRefused() {
		PublishOptions once = PublishOptions.defaults().withIdempotencyId("a");
		this.redis.execute("SET", this.stream, "not a stream");
		assertThatExceptionOfType(PublishException.class)
			.isThrownBy(() -> this.producer.publish(this.stream, "x", once));

		this.redis.execute("DEL", this.stream);

		this.producer.publish(this.stream, "x", once);
		assertThat(this.redis.xlen(this.stream)).isOne();
	}

	@Test
	void refusesBlankStream() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.producer.publish(" ", "x"));
	}

	@Test
	void publishesAsynchronouslyInOrderOfTheThread() {
		List<CompletableFuture<RecordId>> futures = new ArrayList<>();
		for (int i = 0; i < 20_000; i++) {
			futures.add(this.producer.publishAsync(this.stream, "m" + i));
		}
		CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new)).orTimeout(20, TimeUnit.SECONDS).join();

		List<String> published = futures.stream().map((future) -> future.join().getValue()).toList();
		assertThat(entries()).extracting((entry) -> ((List<?>) entry).get(0)).isEqualTo(published);
	}

	@Test
	void keepsOrderOfThreadWhetherOrNotMessagesDependOnTheServer() {
		List<CompletableFuture<RecordId>> futures = new ArrayList<>();
		for (int i = 0; i < 100; i++) {
			PublishOptions options = PublishOptions.defaults();
			futures.add(this.producer.publishAsync(this.stream, "m" + i,
					(i % 3 == 0) ? options : options.withIdempotencyId("order-" + i)));
		}
		CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new)).orTimeout(20, TimeUnit.SECONDS).join();

		List<String> published = futures.stream().map((future) -> future.join().getValue()).toList();
		assertThat(entries()).extracting((entry) -> ((List<?>) entry).get(0)).isEqualTo(published);
	}

	@Test
	void sendsFirstMessageThatDependsOnTheServerBeforeTheNextThatDoesNot() {
		this.producer.publish(this.stream, "connected");

		CompletableFuture<RecordId> first = this.producer.publishAsync(this.stream, "x",
				PublishOptions.defaults().withIdempotencyId("order-42"));
		CompletableFuture<RecordId> second = this.producer.publishAsync(this.stream, "y");
		CompletableFuture.allOf(first, second).orTimeout(20, TimeUnit.SECONDS).join();

		assertThat(fields(1)).startsWith("payload", "x");
		assertThat(fields(2)).startsWith("payload", "y");
	}

	@Test
	void answersEverythingInFlightBeforeItCloses() {
		List<CompletableFuture<RecordId>> futures = new ArrayList<>();
		for (int i = 0; i < 2000; i++) {
			futures.add(this.producer.publishAsync(this.stream, "m" + i));
		}
		this.producer.close();

		assertThat(futures).allMatch((future) -> future.isDone() && !future.isCompletedExceptionally());
	}

	@Test
	void rejectsWhatIsPublishedAfterClose() {
		this.producer.close();

		assertThatExceptionOfType(PublishException.class).isThrownBy(() -> this.producer.publish(this.stream, "x"))
			.satisfies((ex) -> assertThat(ex.results().get(0).status()).isEqualTo(PublishResult.Status.REJECTED));
		assertThat(this.producer.publishAsync(this.stream, "x")).failsWithin(Duration.ofSeconds(5));
	}

	private List<Object> entries() {
		return this.redis.executeForList("XRANGE", this.stream, "-", "+");
	}

	@SuppressWarnings("unchecked")
	private List<String> fields(int index) {
		return (List<String>) ((List<Object>) entries().get(index)).get(1);
	}

	record Order(int id, String item) {

	}

}
