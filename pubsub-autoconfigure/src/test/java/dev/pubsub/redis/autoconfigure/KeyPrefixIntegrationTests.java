package dev.pubsub.redis.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

import dev.pubsub.redis.StreamMessage;
import dev.pubsub.redis.admin.DeadLetter;
import dev.pubsub.redis.admin.IdRange;
import dev.pubsub.redis.admin.StreamAdmin;
import dev.pubsub.redis.annotation.StreamSubscribe;
import dev.pubsub.redis.cron.CronHeaders;
import dev.pubsub.redis.cron.CronScheduler;
import dev.pubsub.redis.observe.MessageEvent;
import dev.pubsub.redis.observe.StreamObserver;
import dev.pubsub.redis.producer.PublishOptions;
import dev.pubsub.redis.producer.RedisStreamProducer;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.data.redis.connection.stream.RecordId;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Two applications with different prefixes share a server and all names.
 */
@RedisTest
class KeyPrefixIntegrationTests {

	private static final PublishOptions ONCE = PublishOptions.defaults().withIdempotencyId("order-1");

	private final TestRedis redis;

	private final ApplicationContextRunner runner;

	KeyPrefixIntegrationTests(TestRedis redis) {
		this.redis = redis;
		this.runner = PubSubRunner.on(redis)
			.withUserConfiguration(Listener.class)
			.withPropertyValues("pubsub.redis.retry-count=0", "pubsub.redis.lease=2s");
	}

	@Test
	void neitherSeesTheMessagesOfTheOther() {
		runBoth((a, b) -> {
			RecordId id = producer(a).publish("orders", "for a");

			await().until(() -> listener(a).orders.size() == 1);
			await("time enough for the other to read it").during(Duration.ofMillis(600))
				.until(listener(b).orders::isEmpty);
			StreamMessage<String> order = Objects.requireNonNull(listener(a).orders.peek());
			assertThat(order.stream()).isEqualTo("orders");
			assertThat(order.id()).isEqualTo(id);
			assertThat(listener(a).events).isNotEmpty()
				.allSatisfy((event) -> assertThat(event.stream()).isEqualTo("orders"));
			assertThat(a.getBean(StreamAdmin.class).length("orders")).isOne();
			assertThat(b.getBean(StreamAdmin.class).length("orders")).isZero();
			assertThat(this.redis.xlen(key("a:orders"))).isOne();
		});
	}

	@Test
	void deadLettersStayAndGoBackWhereTheyCameFrom() {
		runBoth((a, b) -> {
			producer(a).publish("orders", "bad");
			StreamAdmin admin = a.getBean(StreamAdmin.class);
			await().until(() -> admin.length("{orders}:dlq") == 1);

			assertThat(this.redis.xlen("{" + key("a:orders") + "}:dlq")).isOne();
			List<DeadLetter> letters = admin.deadLetters("orders", IdRange.all(), 10);
			assertThat(letters).singleElement().extracting(DeadLetter::stream).isEqualTo("orders");
			assertThat(b.getBean(StreamAdmin.class).deadLetters("orders", IdRange.all(), 10)).isEmpty();
			assertThat(b.getBean(StreamAdmin.class).redriveAll("orders")).isZero();
			assertThat(admin.redrive("orders", letters.get(0).id())).isPresent();
			await().until(() -> listener(a).attempts.size() == 2);
			assertThat(listener(b).attempts).isEmpty();
		});
	}

	@Test
	void sameIdentityIsPublishedOnceInEach() {
		runBoth((a, b) -> {
			PublishOptions withMarker = ONCE.withId(RecordId.of("5-0"));
			RecordId first = producer(a).publish("once", "x", withMarker);

			assertThat(producer(a).publish("once", "x", ONCE.withId(RecordId.of("6-0")))).isEqualTo(first);
			assertThat(producer(b).publish("once", "x", ONCE.withId(RecordId.of("7-0")))).isEqualTo(RecordId.of("7-0"));
			assertThat(producer(b).publish("plain", "x", ONCE)).isEqualTo(producer(b).publish("plain", "x", ONCE));
			assertThat(a.getBean(StreamAdmin.class).length("once")).isOne();
			assertThat(b.getBean(StreamAdmin.class).length("once")).isOne();
			assertThat(this.redis.execute("EXISTS", "{" + key("a:once") + "}:idmp:order-1")).hasToString("1");
		});
	}

	@Test
	void cronJobsFireInEachAndPauseInOne() {
		runBoth((a, b) -> {
			await().until(() -> listener(a).ticks.size() >= 2 && listener(b).ticks.size() >= 2);
			a.getBean(CronScheduler.class).pause("ticks", "ticks");

			int before = listener(b).ticks.size();
			await().until(() -> listener(b).ticks.size() >= before + 2);
			assertThat(fireTimes(listener(a)).stream().filter(fireTimes(listener(b))::contains)).isNotEmpty();
			assertThat(this.redis.execute("HLEN", "{" + key("a:ticks") + "}:cron")).hasToString("1");
		});
	}

	/**
	 * The names are this test's alone where they have no prefix.
	 */
	@Test
	void leaveNothingOnTheServerWithoutPrefix() {
		runBoth((a, b) -> {
			producer(a).publish("orders", "bad", ONCE);
			producer(a).session().add("orders", "more").add("other", "x").commit();
			await().until(() -> listener(a).attempts.size() == 2 && !listener(a).ticks.isEmpty());
			await().until(() -> a.getBean(StreamAdmin.class).length("{orders}:dlq") == 1);
		});

		assertThat(this.redis.executeForList("KEYS", "*" + this.redis.prefix() + "*").stream().map(String::valueOf))
			.isNotEmpty()
			.allMatch((key) -> key.startsWith(key("a:")) || key.startsWith("{" + key("a:")) || key.startsWith(key("b:"))
					|| key.startsWith("{" + key("b:")));
	}

	private String key(String name) {
		return this.redis.key(name);
	}

	private void runBoth(BiConsumer<AssertableApplicationContext, AssertableApplicationContext> test) {
		runWith("a:", (a) -> runWith("b:", (b) -> test.accept(a, b)));
	}

	private void runWith(String prefix, ContextConsumer<AssertableApplicationContext> test) {
		this.runner.withPropertyValues("pubsub.redis.key-prefix=" + key(prefix)).run(test);
	}

	private static RedisStreamProducer producer(AssertableApplicationContext context) {
		return context.getBean(RedisStreamProducer.class);
	}

	private static Listener listener(AssertableApplicationContext context) {
		return context.getBean(Listener.class);
	}

	private static Set<String> fireTimes(Listener listener) {
		return listener.ticks.stream()
			.map((tick) -> String.valueOf(tick.headers().get(CronHeaders.FIRE_TIME)))
			.collect(Collectors.toSet());
	}

	static class Listener implements StreamObserver {

		private final Queue<StreamMessage<String>> orders = new ConcurrentLinkedQueue<>();

		private final Queue<String> attempts = new ConcurrentLinkedQueue<>();

		private final Queue<StreamMessage<?>> ticks = new ConcurrentLinkedQueue<>();

		private final Queue<MessageEvent> events = new ConcurrentLinkedQueue<>();

		@StreamSubscribe("orders")
		void order(StreamMessage<String> message) {
			this.attempts.add(message.payload());
			if (message.payload().equals("bad")) {
				throw new IllegalStateException("no stock");
			}
			this.orders.add(message);
		}

		@StreamSubscribe(stream = "ticks", cron = "* * * * * *")
		void tick(StreamMessage<?> message) {
			this.ticks.add(message);
		}

		@Override
		public void onEvent(MessageEvent event) {
			if (!event.stream().equals("ticks")) {
				this.events.add(event);
			}
		}

	}

}
