package dev.pubsub.redis.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import dev.pubsub.redis.StreamMessage;
import dev.pubsub.redis.admin.IdRange;
import dev.pubsub.redis.annotation.StreamSubscribe;
import dev.pubsub.redis.operations.CronStatus;
import dev.pubsub.redis.operations.OperationException;
import dev.pubsub.redis.operations.Order;
import dev.pubsub.redis.operations.PageRequest;
import dev.pubsub.redis.operations.Payloads;
import dev.pubsub.redis.operations.PubSubOperations;
import dev.pubsub.redis.operations.SubscriptionStatus;
import dev.pubsub.redis.producer.PublishOptions;
import dev.pubsub.redis.producer.RedisStreamProducer;
import dev.pubsub.redis.test.DocumentedUser;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * The rights that {@code docs/security.md} names are enough for everything.
 */
@RedisTest
@ExtendWith(OutputCaptureExtension.class)
class AclIntegrationTests {

	private final TestRedis redis;

	private String user = "";

	private String stream = "";

	AclIntegrationTests(TestRedis redis) {
		this.redis = redis;
	}

	@BeforeEach
	void nameTheUser() {
		this.stream = this.redis.key("orders").replace(':', '-');
		this.user = "shop-" + this.redis.prefix().replace(':', '-');
	}

	@AfterEach
	void deleteUser() {
		this.redis.execute("ACL", "DELUSER", this.user);
	}

	/**
	 * Create the user as a line of the documentation says, with this test's stream.
	 */
	private void createUser(String name) {
		List<String> command = new ArrayList<>(List.of("ACL", "SETUSER", this.user));
		command.addAll(DocumentedUser.rules(this.stream, name));
		assertThat(this.redis.execute(command.toArray(String[]::new))).isEqualTo("OK");
	}

	@Test
	void rightsToDoEverythingBringBackALostGroup(CapturedOutput output) {
		createUser("shop");

		runner().withUserConfiguration(Orders.class).run((context) -> {
			Orders orders = context.getBean(Orders.class);
			await().atMost(Duration.ofSeconds(20)).until(() -> orders.items.contains("cron"));
			assertThat(this.redis.execute("XGROUP", "DESTROY", this.stream, "billing")).isEqualTo(1L);
			context.getBean(RedisStreamProducer.class).publish(this.stream, Map.of("item", "apple"));

			await().atMost(Duration.ofSeconds(20)).until(() -> orders.items.contains("apple"));
		});
		assertThat(output).doesNotContainIgnoringCase("NOPERM");
	}

	@Test
	void rightsForFeaturesAreEnough(CapturedOutput output) {
		createUser("shop");
		createUser("shop-features");
		if (String.valueOf(this.redis.execute("COMMAND", "INFO", "XACKDEL")).contains("xackdel")) {
			this.redis.execute("ACL", "SETUSER", this.user, "+xackdel");
		}

		runner().withUserConfiguration(Orders.class)
			.withPropertyValues("pubsub.redis.delete-after-ack=true", "pubsub.redis.producer.max-length=1000",
					"pubsub.redis.producer.acknowledged-only=true")
			.run((context) -> {
				context.getBean(RedisStreamProducer.class).publish(this.stream, Map.of("item", "apple"));
				Orders orders = context.getBean(Orders.class);
				await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
					assertThat(orders.items).contains("apple", "cron");
					assertThat(this.redis.executeForList("XRANGE", this.stream, "-", "+").toString())
						.doesNotContain("apple");
				});
			});
		assertThat(output).doesNotContainIgnoringCase("NOPERM").doesNotContain("trying again");
	}

	@Test
	void rightsToOwnAStreamAreEnough(CapturedOutput output) {
		createUser("shop");
		createUser("shop-ordered");

		runner().withUserConfiguration(Orders.class)
			.withPropertyValues("pubsub.redis.streams[" + this.stream + "].ordered=true")
			.run((context) -> {
				RedisStreamProducer producer = context.getBean(RedisStreamProducer.class);
				PublishOptions ann = PublishOptions.defaults().withKey("ann");
				producer.publish(this.stream, Map.of("item", "apple"), ann);
				producer.publishAsync(this.stream, Map.of("item", "broken"), ann).join();
				producer.session().add(this.stream, Map.of("item", "pear"), ann).commit();

				Orders orders = context.getBean(Orders.class);
				await().atMost(Duration.ofSeconds(20))
					.untilAsserted(() -> assertThat(orders.items).contains("apple", "pear", "cron"));
			});
		assertThat(output).doesNotContainIgnoringCase("NOPERM").doesNotContain("trying again");
	}

	@Test
	void rightsToShareAStreamAreEnough(CapturedOutput output) {
		createUser("shop");
		createUser("shop-ordered");
		createUser("shop-partitions");
		createUser("shop-ordered-partitions");

		runner().withUserConfiguration(Orders.class)
			.withInitializer(TestPropertyValues.of(Map.of("pubsub.redis.streams[" + this.stream + "].partitions", "4",
					"pubsub.redis.streams[" + this.stream + "].ordered", "true"))::applyTo)
			.run((context) -> {
				RedisStreamProducer producer = context.getBean(RedisStreamProducer.class);
				producer.publish(this.stream, Map.of("item", "apple"), PublishOptions.defaults().withKey("ann"));
				producer.publish(this.stream, Map.of("item", "broken"), PublishOptions.defaults().withKey("bob"));

				Orders orders = context.getBean(Orders.class);
				await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
					assertThat(orders.items).contains("apple", "cron");
					assertThat(this.redis.executeForList("KEYS", this.stream + ":1:*:dlq")).hasSize(1);
				});
			});
		assertThat(output).doesNotContainIgnoringCase("NOPERM").doesNotContainIgnoringCase("no permissions");
	}

	@Test
	void rightsForOperationsAreEnough(CapturedOutput output) {
		createUser("shop");
		createUser("shop-operations");
		String letters = "{" + this.stream + "}:dlq";
		String id = this.redis.xadd(letters, Map.of("payload", "a"));
		String other = this.redis.xadd(letters, Map.of("payload", "b"));

		runner().withUserConfiguration(Orders.class).run((context) -> {
			PubSubOperations operations = context.getBean(PubSubOperations.class);
			SubscriptionStatus subscription = operations.subscriptions().list(PageRequest.first()).items().get(0);
			String group = subscription.group();
			await().until(() -> operations.subscriptions().get(subscription.id()).healthy());
			assertThat(operations.streams().list(PageRequest.first()).items()).isNotEmpty();
			assertThat(operations.streams().groups(this.stream, PageRequest.first()).items()).isNotEmpty();
			operations.streams().consumers(this.stream, group, PageRequest.first());
			operations.streams().pending(this.stream, group, null, PageRequest.first());
			operations.streams()
				.messages(this.stream, IdRange.all(), Order.NEWEST_FIRST, Payloads.SHOWN, PageRequest.first());
			operations.deadLetters()
				.list(this.stream, IdRange.all(), Order.NEWEST_FIRST, Payloads.SHOWN, PageRequest.first());
			operations.deadLetters().redrive(this.stream, id);
			assertThat(operations.deadLetters().discard(this.stream, List.of(other))).isOne();
			CronStatus job = operations.cron().list(PageRequest.first()).items().get(0);
			operations.cron().pause(job.stream(), job.job());
			operations.cron().resume(job.stream(), job.job());
			operations.cron().trigger(job.stream(), job.job());
			this.redis.execute("XGROUP", "CREATECONSUMER", this.stream, group, "idle");
			assertThatExceptionOfType(OperationException.class)
				.isThrownBy(() -> operations.streams().deleteConsumer(this.stream, group, "idle"))
				.withMessageContaining("is not idle");
		});
		assertThat(output).doesNotContainIgnoringCase("NOPERM");
	}

	private ApplicationContextRunner runner() {
		return PubSubRunner.on(this.redis)
			.withPropertyValues("stream=" + this.stream, "pubsub.redis.lease=1s", "pubsub.redis.claim-interval=200ms",
					"pubsub.redis.url=redis://%s:secret@%s:%d".formatted(this.user, this.redis.host(),
							this.redis.port()));
	}

	@Test
	void rightsToPublishAreEnough(CapturedOutput output) {
		createUser("publisher");

		runner().withPropertyValues("pubsub.redis.consumer.enabled=false").run((context) -> {
			RedisStreamProducer producer = context.getBean(RedisStreamProducer.class);
			producer.publish(this.stream, Map.of("item", "apple"));
			producer.publishAsync(this.stream, Map.of("item", "pear")).join();
			producer.session().add(this.stream, Map.of("item", "plum")).commit();
			producer.publish(this.stream, Map.of("item", "fig"), PublishOptions.defaults().withMaxLength(10));
		});

		assertThat(this.redis.xlen(this.stream)).isEqualTo(4);
		assertThat(output).doesNotContainIgnoringCase("NOPERM").doesNotContainIgnoringCase("no permissions");
	}

	@ParameterizedTest
	@ValueSource(strings = { "shop", "publisher" })
	void rightsForPartitionsAreEnough(String line, CapturedOutput output) {
		createUser(line);
		createUser(line + "-partitions");
		boolean consumes = line.equals("shop");

		runner().withUserConfiguration(Orders.class)
			.withPropertyValues("pubsub.redis.consumer.enabled=" + consumes)
			.withInitializer(
					TestPropertyValues.of(Map.of("pubsub.redis.streams[" + this.stream + "].partitions", "4"))::applyTo)
			.run((context) -> {
				RedisStreamProducer producer = context.getBean(RedisStreamProducer.class);
				producer.publish(this.stream, Map.of("item", "apple"));
				producer.session().add(this.stream, Map.of("item", "broken")).commit();
				if (consumes) {
					producer.publish(this.stream, Map.of("item", "plum"),
							PublishOptions.defaults().withIdempotencyId("one"));
					Orders orders = context.getBean(Orders.class);
					await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
						assertThat(orders.items).contains("apple", "plum", "cron");
						assertThat(this.redis.executeForList("KEYS", this.stream + ":1:*:dlq")).hasSize(1);
					});
				}
			});
		assertThat(output).doesNotContainIgnoringCase("NOPERM").doesNotContainIgnoringCase("no permissions");
	}

	@Test
	void rightsToDoEverythingAreEnough(CapturedOutput output) {
		createUser("shop");

		runner().withUserConfiguration(Orders.class).run((context) -> {
			RedisStreamProducer producer = context.getBean(RedisStreamProducer.class);
			producer.publish(this.stream, Map.of("item", "apple"));
			producer.publishAsync(this.stream, Map.of("item", "pear")).join();
			producer.publish(this.stream, Map.of("item", "plum"), PublishOptions.defaults().withIdempotencyId("one"));
			producer.session().add(this.stream, Map.of("item", "broken")).commit();

			Orders orders = context.getBean(Orders.class);
			await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
				assertThat(orders.items).contains("apple", "pear", "plum", "cron");
				assertThat(this.redis.xlen("{" + this.stream + "}:dlq")).isOne();
			});
		});
		assertThat(output).doesNotContainIgnoringCase("NOPERM")
			.doesNotContainIgnoringCase("no permissions")
			.doesNotContain("trying again");
	}

	@Configuration(proxyBeanMethods = false)
	static class Orders {

		final Queue<String> items = new ConcurrentLinkedQueue<>();

		@StreamSubscribe(stream = "${stream}", cron = "* * * * * *", retryCount = 1)
		void placed(StreamMessage<Map<String, String>> order) {
			String item = order.payload().getOrDefault("item", order.source());
			if (item.equals("broken")) {
				throw new IllegalStateException("broken");
			}
			this.items.add(item);
		}

	}

}
