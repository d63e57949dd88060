package dev.pubsub.redis.autoconfigure;

import java.time.Duration;

import dev.pubsub.redis.autoconfigure.EndpointApplication.Answer;
import dev.pubsub.redis.test.FaultProxy.Mode;
import dev.pubsub.redis.test.FaultProxy;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The endpoint without Redis: it is down, or silent.
 */
@RedisTest
class PubSubEndpointOutageIntegrationTests {

	private final TestRedis redis;

	private final String stream;

	@AutoClose
	private final FaultProxy proxy;

	PubSubEndpointOutageIntegrationTests(TestRedis redis) {
		this.redis = redis;
		this.stream = redis.key("orders");
		this.proxy = FaultProxy.to(redis.host(), redis.port());
	}

	@ParameterizedTest
	@EnumSource(names = { "REFUSE", "BLACKHOLE" })
	void answersInTimeWithASentence(Mode mode) throws Exception {
		try (EndpointApplication application = new EndpointApplication(this.proxy.url(), this.redis,
				"--management.endpoint.pubsub.access=unrestricted")) {
			String[] reads = { "/streams", "/streams/" + this.stream, "/groups/" + this.stream,
					"/consumers/" + this.stream + "?group=other", "/pending/" + this.stream + "?group=other",
					"/messages/" + this.stream, "/dead-letters/" + this.stream };
			await().untilAsserted(() -> {
				for (String path : reads) {
					assertThat(application.get("/pubsub" + path)).extracting(Answer::status)
						.describedAs(path)
						.isEqualTo(200);
				}
			});

			this.proxy.mode(mode);

			for (String path : reads) {
				assertUnavailable(application.get("/pubsub" + path));
			}
			String[][] writes = { { "dead-letters/" + this.stream, "{'action':'redrive','id':'1-1'}" },
					{ "dead-letters/" + this.stream, "{'action':'redrive-all'}" },
					{ "dead-letters/" + this.stream, "{'action':'discard','id':'1-1'}" },
					{ "dead-letters/" + this.stream, "{'action':'discard-all'}" },
					{ "pending/" + this.stream, "{'action':'retry','group':'other','id':'1-1'}" },
					{ "cron/" + this.redis.key("reports"), "{'action':'trigger','job':'yearly'}" },
					{ "cron/" + this.redis.key("reports"), "{'action':'pause','job':'yearly'}" },
					{ "cron/" + this.redis.key("reports"), "{'action':'resume','job':'yearly'}" } };
			for (String[] write : writes) {
				assertUnavailable(application.post("/pubsub/" + write[0], write[1]));
			}
			assertUnavailable(
					application.delete("/pubsub/consumers/" + this.stream + "?group=other&consumer=somebody"));
			await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
				Answer subscription = application.get("/pubsub/subscriptions/billing");
				assertThat(subscription.status()).isEqualTo(200);
				assertThat(subscription.body()).contains("\"healthy\":false", "\"reason\":\"", "\"reasonSince\":\"");
				assertThat(subscription.body()).doesNotContain("\"backlog\":{");
			});
			assertThat(application.get("/health/pubsub")).satisfies((health) -> {
				assertThat(health.status()).isEqualTo(503);
				assertThat(health.body()).contains("\"billing\"", "\"reason\":\"", "\"since\":\"");
			});
			assertThat(application.post("/pubsub/subscriptions/billing", "{'action':'pause'}").status()).isEqualTo(200);
			assertThat(application.post("/pubsub/subscriptions/billing", "{'action':'stop'}").status()).isEqualTo(200);
			assertThat(application.get("/pubsub/cron").status()).isEqualTo(200);

			this.proxy.mode(Mode.NORMAL);
			this.proxy.cut();
			await().atMost(Duration.ofSeconds(60))
				.until(() -> application.get("/pubsub/streams/" + this.stream).status() == 200);
			assertThat(application.post("/pubsub/subscriptions/billing", "{'action':'start'}").status()).isEqualTo(200);
			await().atMost(Duration.ofSeconds(60))
				.until(() -> application.get("/pubsub/subscriptions/billing").body().contains("\"healthy\":true"));
		}
	}

	private static void assertUnavailable(Answer answer) {
		assertThat(answer.body()).contains("\"message\":\"Cannot ");
		assertThat(answer.status()).isEqualTo(503);
	}

}
