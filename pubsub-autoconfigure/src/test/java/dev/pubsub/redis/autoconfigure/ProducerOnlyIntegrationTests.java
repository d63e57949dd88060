package dev.pubsub.redis.autoconfigure;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.pubsub.redis.annotation.StreamSubscribe;
import dev.pubsub.redis.producer.RedisStreamProducer;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application that only publishes.
 */
@RedisTest
@ExtendWith(OutputCaptureExtension.class)
class ProducerOnlyIntegrationTests {

	private final TestRedis redis;

	private final ApplicationContextRunner runner;

	ProducerOnlyIntegrationTests(TestRedis redis) {
		this.redis = redis;
		this.runner = PubSubRunner.on(redis)
			.withUserConfiguration(Listener.class)
			.withPropertyValues("stream=" + redis.key("orders"), "pubsub.redis.consumer.enabled=false");
	}

	@Test
	void opensNoConnectionAndNoThreadUntilItPublishes() {
		Set<Thread> before = new HashSet<>(Thread.getAllStackTraces().keySet());
		String client = "only-" + this.redis.prefix().replace(':', '-');
		this.runner.withPropertyValues("spring.data.redis.client-name=" + client).run((context) -> {
			assertThat(clients(client)).isEmpty();
			assertThat(Thread.getAllStackTraces().keySet()).filteredOn((thread) -> !before.contains(thread))
				.extracting(Thread::getName)
				.noneMatch((name) -> name.startsWith("pubsub-"));
		});
	}

	@Test
	void readsNothing() {
		String client = "writer-" + this.redis.prefix().replace(':', '-');
		this.runner.withPropertyValues("spring.data.redis.client-name=" + client).run((context) -> {
			context.getBean(RedisStreamProducer.class).publish(this.redis.key("orders"), Map.of("name", "cat"));

			assertThat(clients(client)).isNotEmpty().noneMatch((line) -> line.contains("cmd=xreadgroup"));
			assertThat(this.redis.execute("XINFO", "GROUPS", this.redis.key("orders"))).isEqualTo(List.of());
		});
	}

	@Test
	void warnsThatTrimmingRemovesUnreadMessages(CapturedOutput output) {
		this.runner.withPropertyValues("pubsub.redis.producer.max-length=1024")
			.run((context) -> assertThat(output).containsOnlyOnce("pubsub.redis.producer.max-length is 1024"));
	}

	@Test
	void doesNotWarnWhenTrimmingSparesUnreadMessages(CapturedOutput output) {
		this.runner
			.withPropertyValues("pubsub.redis.producer.max-length=1024", "pubsub.redis.producer.acknowledged-only=true")
			.run((context) -> assertThat(output).doesNotContain("max-length"));
	}

	private List<String> clients(String name) {
		String list = (String) this.redis.execute("CLIENT", "LIST");
		return assertThat(list).isNotNull().actual().lines().filter((line) -> line.contains("name=" + name)).toList();
	}

	@Configuration(proxyBeanMethods = false)
	static class Listener {

		@StreamSubscribe(stream = "${stream}")
		void placed(String order) {
		}

	}

}
