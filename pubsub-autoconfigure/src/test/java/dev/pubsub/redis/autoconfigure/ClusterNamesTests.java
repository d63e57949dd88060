package dev.pubsub.redis.autoconfigure;

import java.time.ZoneOffset;
import java.util.List;

import dev.pubsub.redis.InvalidSubscriptionException;
import dev.pubsub.redis.cron.CronJob;
import dev.pubsub.redis.cron.CronSchedule;
import dev.pubsub.redis.cron.CronScheduler;
import dev.pubsub.redis.listener.DeadLetterPolicy;
import dev.pubsub.redis.listener.StreamListenerContainer;
import dev.pubsub.redis.listener.Subscription;
import dev.pubsub.redis.producer.RedisStreamProducer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Names of streams where the server is a cluster, before there is any connection to it.
 */
class ClusterNamesTests {

	private static final String CURE = "with a hash tag, such as {orders}:eu";

	private final LettuceConnectionFactory factory = new LettuceConnectionFactory(
			new RedisClusterConfiguration(List.of("127.0.0.1:1")));

	private final RedisStreamProducer producer = RedisStreamProducer.create(this.factory);

	@AfterEach
	void close() {
		this.producer.close();
	}

	@Test
	void producerRefusesNameThatLeavesItsSlot() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.producer.publish("a}b", "apple"))
			.withMessageContaining("\"a}b\"")
			.withMessageContaining(CURE);
		assertThatIllegalArgumentException().isThrownBy(() -> this.producer.publishAsync("{}orders", "apple"));
		assertThatIllegalArgumentException().isThrownBy(() -> this.producer.newSession().add("a}b", "apple"));
	}

	@Test
	void subscriptionsRefuseNameThatLeavesItsSlot() {
		Subscription subscription = Subscription.of("{}orders", "billing", (message, acknowledgment) -> {
		});

		assertThatExceptionOfType(InvalidSubscriptionException.class)
			.isThrownBy(() -> StreamListenerContainer.create(this.factory, subscription))
			.satisfies(ClusterNamesTests::assertThatCure);
	}

	@Test
	void subscriptionsRefuseDeadLettersInAnotherSlot() {
		Subscription subscription = Subscription.of("orders", "billing", (message, acknowledgment) -> {
		}).withDeadLetters(DeadLetterPolicy.defaults().withStream("rejected"));

		assertThatExceptionOfType(InvalidSubscriptionException.class)
			.isThrownBy(() -> StreamListenerContainer.create(this.factory, subscription))
			.withMessageContaining("\"rejected\" is in another slot");
	}

	@Test
	void jobsRefuseNameThatLeavesItsSlot() {
		try (CronScheduler scheduler = CronScheduler.create(this.factory)) {
			assertThatExceptionOfType(InvalidSubscriptionException.class)
				.isThrownBy(() -> scheduler.schedule(CronJob.of("a}b", CronSchedule.parse("@hourly", ZoneOffset.UTC)),
						"the test"))
				.satisfies(ClusterNamesTests::assertThatCure);
		}
	}

	private static void assertThatCure(InvalidSubscriptionException failure) {
		assertThat(failure.getAction()).contains(CURE);
	}

}
