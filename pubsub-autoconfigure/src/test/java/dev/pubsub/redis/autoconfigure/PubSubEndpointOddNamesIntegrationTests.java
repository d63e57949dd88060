package dev.pubsub.redis.autoconfigure;

import java.nio.charset.StandardCharsets;
import java.util.Map;

import dev.pubsub.redis.autoconfigure.EndpointApplication.Answer;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.web.util.UriUtils;

import static dev.pubsub.redis.autoconfigure.PubSubEndpointIntegrationTests.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Names and ids that are not what they mostly are, in both web stacks.
 */
@RedisTest
@ParameterizedClass
@EnumSource(value = WebApplicationType.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
class PubSubEndpointOddNamesIntegrationTests {

	private static final String HIGHEST = "18446744073709551615-18446744073709551615";

	@Parameter
	private WebApplicationType type;

	private final TestRedis redis;

	PubSubEndpointOddNamesIntegrationTests(TestRedis redis) {
		this.redis = redis;
	}

	private EndpointApplication start(String stream) {
		return new EndpointApplication(this.type, Map.of("spring.data.redis.url", this.redis.url(), "stream", stream,
				"reports", this.redis.key("reports")), "--management.endpoint.pubsub.access=unrestricted");
	}

	@ParameterizedTest
	@ValueSource(strings = { "eu/orders/1", "50%", "100% sure", "a+b&c=d", "{eu}:orders", "Bestellungen für Ünal",
			"a\"b'c<script>", "#?" })
	void namesOfStreamsMayHaveAnything(String name) throws Exception {
		String stream = this.redis.key(name);
		try (EndpointApplication application = start(stream)) {
			await().until(() -> application.get("/pubsub/subscriptions/billing").body().contains("\"healthy\":true"));
			// Slashes stay: servers refuse them encoded.
			String path = UriUtils.encode(stream, StandardCharsets.UTF_8).replace("%2F", "/");
			Answer answer = application.get("/pubsub/streams/" + path);
			assertThat(answer.status()).as(answer.body()).isEqualTo(200);
			String letters = answer.body()
				.replaceFirst("(?s).*\"deadLetterStreams\":\\[\\{\"name\":\"([^\"]+).*", "$1");
			letters = letters.endsWith("\\") ? "{" + stream + "}:dlq" : letters;
			String id = this.redis.xadd(letters, Map.of("payload", "a", "__DLQ_REASON", "x"));

			assertThat(application.get("/pubsub/dead-letters/" + path).body()).contains(id);
			Answer redriven = application.post("/pubsub/dead-letters/" + path,
					"{'action':'redrive','id':'" + id + "'}");
			assertThat(redriven.status()).as(redriven.body()).isEqualTo(200);
			assertThat(application.get("/pubsub/messages/" + path).body()).contains(redriven.value("id"));
			assertThat(application.get("/pubsub/consumers/" + path + "?group=other").status()).isEqualTo(200);
		}
	}

	@Test
	void idsMayBeTheHighestThereAre() throws Exception {
		String stream = this.redis.key("orders");
		this.redis.execute("XADD", stream, "1-1", "item", "apple");
		this.redis.execute("XADD", stream, HIGHEST, "item", "apple");
		this.redis.execute("XADD", "{" + stream + "}:dlq", HIGHEST, "item", "apple");
		try (EndpointApplication application = start(stream)) {
			String messages = "/pubsub/messages/" + stream;
			assertThat(application.get("/pubsub/streams/" + stream).body()).contains("\"lastId\":\"" + HIGHEST + "\"");
			assertThat(application.get(messages).body()).contains(HIGHEST);
			assertThat(application.get(messages + "?limit=1").body()).contains("\"next\":\"1-1\"");
			assertThat(application.get(messages + "?limit=1&after=1-1").body()).contains(HIGHEST);
			assertThat(application.get(messages + "?after=" + HIGHEST)).satisfies((page) -> {
				assertThat(page.status()).as(page.body()).isEqualTo(200);
				assertThat(page.body()).contains("\"items\":[]");
			});
			assertThat(application.get(messages + "?order=newest&after=0-0")).satisfies((page) -> {
				assertThat(page.status()).as(page.body()).isEqualTo(200);
				assertThat(page.body()).contains("\"items\":[]");
			});
			assertThat(application.get("/pubsub/pending/" + stream + "?group=other&after=" + HIGHEST).status())
				.isEqualTo(200);
			assertThat(application.get("/pubsub/dead-letters/" + stream).body()).contains(HIGHEST);
			assertProblem(
					application.post("/pubsub/dead-letters/" + stream, "{'action':'redrive','id':'" + HIGHEST + "'}"),
					503, "Cannot redrive");
			Answer run = application.post("/pubsub/dead-letters/" + stream, "{'action':'redrive-all'}");
			assertThat(run.status()).isIn(200, 202);
			await().until(() -> application.get("/pubsub/runs/" + stream).body(),
					(body) -> !body.contains("\"state\":\"RUNNING\""));
			assertThat(application.get("/pubsub/runs/" + stream).body()).contains("\"state\":\"DONE\"", "\"left\":1");
			assertThat(this.redis.xlen("{" + stream + "}:dlq")).isOne();
		}
	}

	@Test
	void oneKeyThatIsNoStreamDoesNotHideTheOthers() throws Exception {
		String stream = this.redis.key("orders");
		this.redis.execute("SET", this.redis.key("reports"), "text");
		try (EndpointApplication application = start(stream)) {
			Answer streams = application.get("/pubsub/streams");

			assertThat(streams.status()).as(streams.body()).isEqualTo(200);
			assertThat(streams.body()).contains("\"name\":\"" + stream + "\"", "WRONGTYPE");
			assertProblem(application.get("/pubsub/streams/" + this.redis.key("reports")), 503, "WRONGTYPE");
		}
	}

}
