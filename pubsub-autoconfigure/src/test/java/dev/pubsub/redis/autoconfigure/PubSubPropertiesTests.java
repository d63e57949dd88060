package dev.pubsub.redis.autoconfigure;

import java.time.Duration;
import java.time.ZoneOffset;

import dev.pubsub.redis.admin.StreamAdmin;
import dev.pubsub.redis.annotation.SubscriptionDefaults;
import dev.pubsub.redis.listener.AckMode;
import dev.pubsub.redis.listener.RetryBackoff;
import dev.pubsub.redis.producer.Durability;
import dev.pubsub.redis.producer.SessionFlush;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.context.properties.source.MutuallyExclusiveConfigurationPropertiesException;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

class PubSubPropertiesTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PubSubAutoConfiguration.class))
		.withPropertyValues("pubsub.redis.url=redis://localhost:1");

	@Test
	void defaultsAreThoseOfTheAncestor() {
		run((context) -> {
			SubscriptionDefaults defaults = defaults(context, "orders");
			assertThat(defaults.group()).isEqualTo("pubsub");
			assertThat(defaults.options().processes()).isEqualTo(1);
			assertThat(defaults.options().threads()).isEqualTo(10);
			assertThat(defaults.retryCount()).isEqualTo(10);
			assertThat(defaults.timeout()).isNull();
			assertThat(defaults.backoff()).isNull();
			assertThat(defaults.options().block()).hasSeconds(2);
			assertThat(defaults.options().readCount()).isEqualTo(128);
			assertThat(defaults.options().readBytes()).isEqualTo(DataSize.ofMegabytes(8));
			assertThat(defaults.options().ackMode()).isEqualTo(AckMode.ON_SUCCESS);
			assertThat(defaults.options().lease()).hasSeconds(30);
			assertThat(defaults.options().claimInterval()).hasSeconds(5);
			assertThat(defaults.options().shutdownTimeout()).hasSeconds(20);
			assertThat(defaults.options().reapIdleAfter()).hasHours(1);
			assertThat(defaults.deadLetters().isEnabled()).isTrue();
			assertThat(defaults.deadLetters().suffix()).isEqualTo(":dlq");
			assertThat(defaults.cronZone().normalized()).isEqualTo(ZoneOffset.UTC);
			PubSubProperties properties = context.getBean(PubSubProperties.class);
			assertThat(properties.session().flush()).isEqualTo(SessionFlush.MANUAL);
			assertThat(properties.startup()).isEqualTo(PubSubProperties.Startup.WAIT);
		});
	}

	@Test
	void groupIsTheNameOfTheApplication() {
		run((context) -> {
			SubscriptionDefaults defaults = defaults(context, "orders");
			assertThat(defaults.group()).isEqualTo("shop");
			assertThat(defaults.options().consumerName()).startsWith("shop-")
				.endsWith("-" + ProcessHandle.current().pid());
		}, "spring.application.name=shop");
	}

	@Test
	void everyListenerKeyArrives() {
		run((context) -> {
			SubscriptionDefaults defaults = defaults(context, "orders");
			assertThat(defaults.group()).isEqualTo("billing");
			assertThat(defaults.options().consumerName()).isEqualTo("me");
			assertThat(defaults.options().processes()).isEqualTo(2);
			assertThat(defaults.options().threads()).isEqualTo(3);
			assertThat(defaults.retryCount()).isEqualTo(4);
			assertThat(defaults.timeout()).hasSeconds(5);
			assertThat(defaults.options().block()).hasSeconds(6);
			assertThat(defaults.options().readCount()).isEqualTo(7);
			assertThat(defaults.options().readBytes()).isEqualTo(DataSize.ofKilobytes(9));
			assertThat(defaults.options().ackMode()).isEqualTo(AckMode.NONE);
			assertThat(defaults.options().lease()).hasSeconds(80);
			assertThat(defaults.options().claimInterval()).hasSeconds(9);
			assertThat(defaults.backoff()).hasToString(RetryBackoff.defaults()
				.withDelay(Duration.ofSeconds(10))
				.withMultiplier(1.5)
				.withMaxDelay(Duration.ofSeconds(11))
				.withJitter(0.1)
				.toString());
			assertThat(defaults.deadLetters().suffix()).isEqualTo(":dead");
			assertThat(defaults.deadLetters().maxLength()).isEqualTo(12);
			assertThat(defaults.deadLetters().stackTrace()).isTrue();
			assertThat(defaults.options().deleteAfterAck()).isTrue();
			assertThat(defaults.options().shutdownTimeout()).hasSeconds(13);
			assertThat(defaults.options().reapIdleAfter()).hasSeconds(14);
			assertThat(defaults.cronZone()).hasToString("Europe/Berlin");
		}, "group=billing", "consumer-name=me", "processes=2", "threads=3", "retry-count=4", "timeout=5", "block=6",
				"read-count=7", "read-bytes=9KB", "no-ack=true", "lease=80s", "claim-interval=PT9S", "backoff.delay=10",
				"backoff.multiplier=1.5", "backoff.max-delay=11", "backoff.jitter=0.1", "dead-letter.suffix=:dead",
				"dead-letter.max-length=12", "dead-letter.include-stack-trace=true", "delete-after-ack=true",
				"shutdown-timeout=13", "consumers.reap-idle-after=14", "cron.zone=Europe/Berlin");
	}

	@Test
	void keysOfTheAncestorAreAliases() {
		run((context) -> {
			SubscriptionDefaults defaults = defaults(context, "orders");
			assertThat(defaults.timeout()).hasSeconds(3);
			assertThat(defaults.options().block()).hasSeconds(4);
			assertThat(defaults.options().ackMode()).isEqualTo(AckMode.NONE);
		}, "timeout-second=3", "block-second=4", "noack=true");
	}

	@Test
	void aliasBesideItsKeyFails() {
		run((context) -> assertThat(context.getStartupFailure()).rootCause()
			.isInstanceOf(MutuallyExclusiveConfigurationPropertiesException.class), "timeout=3", "timeout-second=4");
	}

	@Test
	void streamOverridesWhatItSetsAndKeepsTheRest() {
		run((context) -> {
			SubscriptionDefaults orders = defaults(context, "orders.eu");
			assertThat(orders.group()).isEqualTo("eu");
			assertThat(orders.options().threads()).isEqualTo(2);
			assertThat(orders.options().readCount()).isEqualTo(64);
			assertThat(orders.options().ordered()).isTrue();
			assertThat(orders.retryCount()).isZero();
			assertThat(orders.timeout()).hasSeconds(30);
			assertThat(orders.backoff())
				.hasToString(RetryBackoff.defaults().withDelay(Duration.ofSeconds(2)).withMultiplier(3).toString());
			assertThat(orders.deadLetters().isEnabled()).isFalse();
			SubscriptionDefaults others = defaults(context, "others");
			assertThat(others.group()).isEqualTo("pubsub");
			assertThat(others.options().threads()).isEqualTo(10);
			assertThat(others.options().ordered()).isFalse();
			assertThat(others.deadLetters().isEnabled()).isTrue();
		}, "read-count=64", "timeout=30", "backoff.multiplier=3", "streams[orders.eu].group=eu",
				"streams[orders.eu].threads=2", "streams[orders.eu].ordered=true", "streams[orders.eu].retry-count=0",
				"streams[orders.eu].backoff.delay=2", "streams[orders.eu].dead-letter.enabled=false");
	}

	@Test
	void adminLooksForDeadLettersWhereTheSuffixOfTheStreamSays() {
		run((context) -> {
			StreamAdmin admin = context.getBean(StreamAdmin.class);
			assertThat(admin.deadLetterStream("orders")).isEqualTo("{orders}:own");
			assertThat(admin.deadLetterStream("off")).isEqualTo("{off}:off");
			assertThat(admin.deadLetterStream("others")).isEqualTo("{others}:dead");
		}, "dead-letter.suffix=:dead", "streams.orders.dead-letter.suffix=:own", "streams.orders.threads=2",
				"streams.off.dead-letter.suffix=:off", "streams.off.dead-letter.enabled=false");
	}

	@Test
	void adminLooksForDeadLettersWithTheDefaultSuffix() {
		run((context) -> assertThat(context.getBean(StreamAdmin.class).deadLetterStream("orders"))
			.isEqualTo("{orders}:dlq"));
	}

	@ParameterizedTest
	@CsvSource({ "timeout, 0", "timeout, -1s", "block, 0", "lease, 0", "claim-interval, -1", "shutdown-timeout, 0",
			"consumers.reap-idle-after, 0", "backoff.delay, -1", "producer.timeout, 0", "producer.timeout, 9999999999",
			"producer.timeout, 100000000000000", "producer.idempotency-window, 0",
			"producer.idempotency-window, 100000000000000000", "producer.max-payload, 0B", "consumer-name, ' '",
			"group, ' '", "streams.orders.timeout, 0", "streams.orders.group, ' '", "threads, 0", "processes, -1",
			"retry-count, -1", "read-count, 0", "read-bytes, 0", "backoff.multiplier, 0.5", "backoff.jitter, 2",
			"dead-letter.max-length, -1", "producer.max-length, 0", "producer.max-in-flight, 0",
			"session.chunk-size, 0", "producer.durability.replicas, -1", "cron.max-length, -1",
			"streams.orders.threads, 0", "streams.orders.partitions, 0", "streams.orders.partitions, 257",
			"streams.orders.retry-count, -1", "streams.orders.backoff.jitter, 2" })
	void refusedValueIsNamedByItsProperty(String key, String value) {
		run((context) -> assertThat(context.getStartupFailure()).rootCause()
			.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class,
					(ex) -> assertThat(ex.getName()).isEqualTo("pubsub.redis." + key)),
				key + "=" + value);
	}

	@Test
	void streamWithBracesCannotHavePartitions() {
		run((context) -> assertThat(context.getStartupFailure()).rootCause()
			.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class,
					(ex) -> assertThat(ex.getReason()).contains("{orders}", "braces", "cannot have partitions")),
				"streams[{orders}].partitions=4");
	}

	@Test
	void durabilityThatOutlastsTheProducerIsRefused() {
		run((context) -> assertThat(context.getStartupFailure()).rootCause()
			.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class, (ex) -> {
				assertThat(ex.getName()).isEqualTo("pubsub.redis.producer.durability.timeout");
				assertThat(ex.getReason()).contains("PT2S", "PT3S");
			}), "producer.durability.replicas=1", "producer.durability.timeout=3s", "producer.timeout=2s");
		run((context) -> assertThat(context.getBean(PubSubPropertiesMapper.class).producerOptions().durability())
			.isEqualTo(Durability.ofReplicas(2).withFsync(true)), "producer.durability.replicas=2",
				"producer.durability.fsync=true");
	}

	@Test
	void longestDelayBelowTheFirstIsRefused() {
		run((context) -> assertThat(context.getStartupFailure()).rootCause()
			.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class, (ex) -> {
				assertThat(ex.getName()).isEqualTo("pubsub.redis.backoff.max-delay");
				assertThat(ex.getReason()).contains("PT10S", "PT1S");
			}), "backoff.delay=10s", "backoff.max-delay=1s");
	}

	private void run(ContextConsumer<AssertableApplicationContext> assertions, String... properties) {
		String[] prefixed = new String[properties.length];
		for (int i = 0; i < properties.length; i++) {
			prefixed[i] = properties[i].startsWith("spring.") ? properties[i] : "pubsub.redis." + properties[i];
		}
		this.runner.withPropertyValues(prefixed).run(assertions);
	}

	private static SubscriptionDefaults defaults(AssertableApplicationContext context, String stream) {
		return context.getBean(PubSubPropertiesMapper.class).defaults(stream);
	}

}
