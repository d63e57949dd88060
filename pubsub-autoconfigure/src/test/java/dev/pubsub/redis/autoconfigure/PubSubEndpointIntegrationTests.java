package dev.pubsub.redis.autoconfigure;

import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.stream.IntStream;

import javax.management.MBeanException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;

import dev.pubsub.redis.autoconfigure.EndpointApplication.Answer;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.WebApplicationType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.awaitility.Awaitility.await;

/**
 * Each operation of the endpoint over HTTP, in both web stacks, and over JMX.
 */
@RedisTest
@ParameterizedClass
@EnumSource(value = WebApplicationType.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
class PubSubEndpointIntegrationTests {

	private static final String UNRESTRICTED = "--management.endpoint.pubsub.access=unrestricted";

	@Parameter
	private WebApplicationType type;

	private final TestRedis redis;

	private final String stream;

	private final String letters;

	PubSubEndpointIntegrationTests(TestRedis redis) {
		this.redis = redis;
		this.stream = redis.key("orders");
		this.letters = "{" + this.stream + "}:dlq";
	}

	@Test
	void showsAndChangesSubscriptions() throws Exception {
		try (EndpointApplication application = application(UNRESTRICTED)) {
			awaitState(application, "RUNNING");
			assertThat(application.get("/pubsub").body()).contains("\"id\":\"billing\"", "\"id\":\"eu/orders/1\"",
					"\"threads\":{\"total\":10,\"busy\":0,\"stuck\":0}", "\"healthy\":true", "\"lag\":0");
			assertThat(application.get("/pubsub/subscriptions?limit=1")).satisfies((page) -> {
				assertThat(page.body()).contains("\"next\":\"billing\"").doesNotContain("eu/orders/1");
				assertThat(application.get("/pubsub/subscriptions?limit=5&after=billing").body())
					.contains("eu/orders/1")
					.doesNotContain("\"next\":\"");
			});
			assertThat(act(application, "subscriptions/billing", "pause")).isEqualTo(200);
			awaitState(application, "PAUSED");
			assertThat(act(application, "subscriptions/billing", "resume")).isEqualTo(200);
			awaitState(application, "RUNNING");
			assertThat(act(application, "subscriptions/billing", "stop")).isEqualTo(200);
			awaitState(application, "STOPPED");
			assertProblem(application.post("/pubsub/subscriptions/billing", "{'action':'pause'}"), 409,
					"\\\"billing\\\" cannot be paused: it is stopped");
			assertThat(act(application, "subscriptions/billing", "start")).isEqualTo(200);
			awaitState(application, "RUNNING");
			assertThat(application.get("/pubsub/subscriptions/eu/orders/1").body()).contains("\"id\":\"eu/orders/1\"");
			assertThat(act(application, "subscriptions/eu/orders/1", "stop")).isEqualTo(200);
		}
	}

	@Test
	void explainsBadInput() throws Exception {
		try (EndpointApplication application = application(UNRESTRICTED)) {
			assertProblem(application.get("/pubsub/subscriptions?limit=many"), 400, "'limit' must be 1 to 200");
			assertProblem(application.get("/pubsub?limit=0"), 400, "'limit' must be 1 to 200, was 0");
			assertProblem(application.get("/pubsub/subscriptions/other"), 404,
					"There is no subscription \\\"other\\\", but [billing, eu/orders/1");
			assertProblem(application.get("/pubsub/queues"), 404, "There is no \\\"queues\\\", but [subscriptions");
			assertProblem(application.get("/pubsub/queues/other"), 404, "There is no \\\"queues\\\"");
			assertProblem(application.get("/pubsub/groups"), 400, "Name a stream: groups/{stream}");
			assertProblem(application.get("/pubsub/streams/secrets"), 404, "nothing to do with a stream");
			assertProblem(application.get("/pubsub/messages/secrets"), 404, "nothing to do with a stream");
			assertProblem(application.get("/pubsub/dead-letters/secrets"), 404, "nothing to do with a stream");
			assertProblem(application.get("/pubsub/messages/" + this.stream + "?from=x"), 400, "'from' must be the id");
			assertProblem(application.get("/pubsub/messages/" + this.stream + "?order=x"), 400,
					"'order' must be oldest or newest");
			assertProblem(application.get("/pubsub/messages/" + this.stream + "?after=x"), 400, "'after' must be");
			assertProblem(application.get("/pubsub/pending/" + this.stream), 400, "'group' is missing");
			assertProblem(application.get("/pubsub/consumers/" + this.stream + "?group=none"), 404, "NOGROUP");
			assertProblem(application.get("/pubsub/runs/" + this.stream), 404, "Nothing was done");
			assertProblem(application.get("/pubsub/cron/" + this.stream + "?job=none"), 404, "There is no cron job");
			assertProblem(application.post("/pubsub/subscriptions/billing", "{'action':'explode'}"), 400,
					"'action' must be one of [start, stop, pause, resume], was explode");
			assertProblem(application.post("/pubsub/subscriptions/billing", "{}"), 400, "was not given");
			assertProblem(application.post("/pubsub/subscriptions/other", "{'action':'explode'}"), 404,
					"There is no subscription");
			assertProblem(application.post("/pubsub/streams/" + this.stream, "{'action':'delete'}"), 400,
					"There is nothing to do with streams");
			assertProblem(application.post("/pubsub/dead-letters/" + this.stream, "{'action':'redrive'}"), 400,
					"'id' is missing");
			assertProblem(application.post("/pubsub/dead-letters/" + this.stream, "{'action':'redrive','id':'1-1'}"),
					404, "There is no dead letter 1-1");
			assertProblem(application.post("/pubsub/dead-letters/" + this.stream, "{'action':'discard','id':'x'}"), 400,
					"must be the id of an entry");
			assertProblem(application.post("/pubsub/dead-letters/" + this.stream, "{'action':'cancel'}"), 409,
					"under way");
			assertProblem(
					application.post("/pubsub/pending/" + this.stream, "{'action':'retry','group':'other','id':'1-1'}"),
					404, "1-1 is not pending");
			assertProblem(application.delete("/pubsub/streams/" + this.stream), 400, "Only consumers can be deleted");
			assertProblem(application.delete("/pubsub/consumers/" + this.stream + "?group=other"), 400,
					"'consumer' is missing");
			assertThat(application.post("/pubsub/subscriptions/billing", "{'action':").status()).isEqualTo(400);
			assertThat(application.post("/pubsub/subscriptions/billing", "{'action':{'a':1}}").status()).isEqualTo(400);
		}
	}

	@Test
	void isReadOnlyByDefault() throws Exception {
		this.redis.xadd(this.letters, Map.of("payload", "a"));
		try (EndpointApplication application = application()) {
			assertThat(application.get("/pubsub").status()).isEqualTo(200);
			assertThat(act(application, "subscriptions/billing", "pause")).isEqualTo(405);
			assertThat(act(application, "dead-letters/" + this.stream, "discard-all")).isEqualTo(405);
			assertThat(application.delete("/pubsub/consumers/" + this.stream + "?group=other&consumer=c").status())
				.isEqualTo(405);
			assertThat(this.redis.xlen(this.letters)).isOne();
		}
	}

	@Test
	void showsStreamsAndActsOnPendingMessages() throws Exception {
		try (EndpointApplication application = application(UNRESTRICTED)) {
			awaitState(application, "RUNNING");
			String id = this.redis.xadd(this.stream, Map.of("fails", "yes"));
			await().until(() -> application.get("/pubsub/subscriptions/billing").body().contains("\"waiting\":1"));
			String group = group(application);

			assertThat(application.get("/pubsub/streams").body()).contains("\"name\":\"" + this.stream + "\"",
					"\"length\":1", "\"subscriptions\":[\"billing\",\"eu/orders/1\"]");
			assertThat(application.get("/pubsub/streams/" + this.stream).body()).contains("\"lastId\":\"" + id + "\"");
			assertThat(application.get("/pubsub/groups/" + this.stream).body()).contains("\"name\":\"other\"");
			Answer consumers = application.get("/pubsub/consumers/" + this.stream + "?group=" + group);
			assertThat(consumers.body()).contains("\"pending\":1");
			assertThat(application.get("/pubsub/pending/" + this.stream + "?group=" + group).body()).contains(id);
			assertThat(application.get("/pubsub/messages/" + this.stream + "?order=newest").body()).contains(id)
				.doesNotContain("fails");
			assertProblem(application.delete(
					"/pubsub/consumers/" + this.stream + "?group=" + group + "&consumer=" + consumers.value("name")),
					409, "is not idle");
			assertThat(application
				.post("/pubsub/pending/" + this.stream, "{'action':'retry','group':'" + group + "','id':'" + id + "'}")
				.status()).isEqualTo(200);
			await().until(() -> application.get("/pubsub/pending/" + this.stream + "?group=" + group)
				.body()
				.contains("\"deliveries\":2"));
		}
	}

	@Test
	void showsRedrivesAndDiscardsDeadLetters() throws Exception {
		String[] ids = IntStream.range(0, 6)
			.mapToObj((i) -> this.redis.xadd(this.letters,
					Map.of("payload", "{\"secret\":" + i + "}", "__DLQ_REASON", "rejected")))
			.toArray(String[]::new);
		try (EndpointApplication application = application(UNRESTRICTED)) {
			String path = "/pubsub/dead-letters/" + this.stream;
			Answer page = application.get(path + "?limit=2");
			assertThat(page.body()).contains(ids[0], ids[1], "\"reason\":\"rejected\"")
				.doesNotContain(ids[2], "secret");
			assertThat(application.get(path + "?limit=2&after=" + page.value("next")).body()).contains(ids[2], ids[3]);

			Answer one = application.post(path, "{'action':'redrive','id':'" + ids[0] + "'}");
			assertThat(one.status()).isEqualTo(200);
			assertThat(this.redis.executeForList("XRANGE", this.stream, one.value("id"), one.value("id"))).hasSize(1);
			assertThat(application.post(path, "{'action':'discard','id':'" + ids[1] + "'}").body())
				.contains("\"discarded\":1");
			assertThat(application.post(path, "{'action':'redrive','from':'" + ids[2] + "','to':'" + ids[3] + "'}")
				.status()).isIn(200, 202);
			await().until(() -> application.get("/pubsub/runs/" + this.stream).body().contains("\"state\":\"DONE\""));
			assertThat(application.get("/pubsub/runs/" + this.stream).body()).contains("\"done\":2");
			assertThat(application.post(path, "{'action':'redrive-all'}").status()).isIn(200, 202);
			await().until(() -> this.redis.xlen(this.letters) == 0);
			assertThat(this.redis.xlen(this.stream)).isEqualTo(5);
		}
	}

	@Test
	void cancelsARedriveThatIsUnderWay() throws Exception {
		for (int i = 0; i < 50; i++) {
			this.redis.xadd(this.letters, Map.of("payload", "a", "__DLQ_REASON", "rejected"));
		}
		try (EndpointApplication application = application(UNRESTRICTED, "--pubsub.redis.operations.redrive-rate=5")) {
			String path = "/pubsub/dead-letters/" + this.stream;
			Answer begun = application.post(path, "{'action':'redrive-all'}");
			assertThat(begun.status()).isEqualTo(202);
			assertThat(begun.body()).contains("\"state\":\"RUNNING\"", "\"action\":\"REDRIVE\"");
			await().until(() -> this.redis.xlen(this.stream) > 1);
			assertThat(application.get("/pubsub/runs/" + this.stream).body()).contains("\"state\":\"RUNNING\"");
			assertProblem(application.post(path, "{'action':'discard-all'}"), 409, "is under way: wait, or cancel it");

			Answer cancelled = application.post(path, "{'action':'cancel'}");

			assertThat(cancelled.status()).isEqualTo(200);
			assertThat(cancelled.body()).contains("\"state\":\"CANCELLED\"", "\"ended\":\"");
			assertThat(application.get("/pubsub/runs/" + this.stream).body()).contains("\"state\":\"CANCELLED\"");
			assertProblem(application.post(path, "{'action':'cancel'}"), 409, "No run");
			assertThat(this.redis.xlen(this.letters)).isPositive();
			await().untilAsserted(
					() -> assertThat(this.redis.xlen(this.letters) + this.redis.xlen(this.stream)).isEqualTo(50));
			assertThat(application.post(path, "{'action':'discard-all'}").status()).isEqualTo(202);
			await().until(() -> this.redis.xlen(this.letters) == 0);
			assertThat(this.redis.xlen(this.stream)).isLessThan(50);
		}
	}

	@Test
	void showsPayloadsWhereThatIsSet() throws Exception {
		this.redis.xadd(this.letters, Map.of("payload", "secret"));
		try (EndpointApplication application = application("--management.endpoint.pubsub.show-payloads=always")) {
			assertThat(application.get("/pubsub/dead-letters/" + this.stream).body())
				.contains("{\"name\":\"payload\",\"value\":\"secret\",\"encoding\":\"text\",\"bytes\":6}");
		}
	}

	@Test
	void showsAndChangesCronJobs() throws Exception {
		try (EndpointApplication application = application(UNRESTRICTED)) {
			String reports = this.redis.key("reports");
			String path = "/pubsub/cron/" + reports;
			assertThat(application.get("/pubsub/cron").body()).contains("\"job\":\"yearly\"", "-01-01T03:00:00Z");
			assertThat(application.get(path + "?job=yearly").body()).contains("\"expression\":\"0 0 3 1 1 *\"");
			assertThat(application.post(path, "{'action':'pause','job':'yearly'}").body()).contains("\"paused\":true");
			assertThat(application.post(path, "{'action':'resume','job':'yearly'}").body())
				.contains("\"paused\":false");
			Answer triggered = application.post(path, "{'action':'trigger','job':'yearly'}");
			assertThat(triggered.status()).isEqualTo(200);
			assertThat(this.redis.executeForList("XRANGE", reports, triggered.value("id"), triggered.value("id")))
				.hasSize(1);
			assertProblem(application.post(path, "{'action':'trigger'}"), 404, "There is no cron job");
		}
	}

	@Test
	void worksOverJmx() throws Exception {
		MBeanServer server = ManagementFactory.getPlatformMBeanServer();
		try (EndpointApplication application = application(UNRESTRICTED, "--spring.jmx.enabled=true",
				"--management.endpoints.jmx.exposure.include=*")) {
			awaitState(application, "RUNNING");
			ObjectName name = new ObjectName("org.springframework.boot:type=Endpoint,name=Pubsub");
			assertThat(invoke(server, name, "subscriptions", null, null)).asString().contains("id=billing");
			assertThat(invoke(server, name, "pause", "billing")).asString().contains("state=PAUSED");
			assertThat(invoke(server, name, "streams", "10", null)).asString().contains(this.stream);
			assertThatException().isThrownBy(() -> invoke(server, name, "stop", "other"))
				.isInstanceOfAny(RuntimeMBeanException.class, MBeanException.class)
				.havingCause()
				.withMessageContaining("There is no subscription \"other\"");
		}
		try (EndpointApplication application = application("--spring.jmx.enabled=true",
				"--management.endpoints.jmx.exposure.include=*")) {
			ObjectName name = new ObjectName("org.springframework.boot:type=Endpoint,name=Pubsub");
			assertThat(application.get("/pubsub").status()).isEqualTo(200);
			assertThat(server.getMBeanInfo(name).getOperations()).extracting((operation) -> operation.getName())
				.contains("subscription", "deadLetters")
				.doesNotContain("pause", "redrive", "deleteConsumer");
		}
	}

	private static Object invoke(MBeanServer server, ObjectName name, String operation, Object... arguments)
			throws Exception {
		String[] types = IntStream.range(0, arguments.length)
			.mapToObj((i) -> String.class.getName())
			.toArray(String[]::new);
		return server.invoke(name, operation, arguments, types);
	}

	private EndpointApplication application(String... arguments) {
		return new EndpointApplication(this.type, Map.of("spring.data.redis.url", this.redis.url(), "stream",
				this.stream, "reports", this.redis.key("reports")), arguments);
	}

	private String group(EndpointApplication application) throws Exception {
		return application.get("/pubsub/subscriptions/billing").value("group");
	}

	private static int act(EndpointApplication application, String path, String action) throws Exception {
		return application.post("/pubsub/" + path, "{'action':'" + action + "'}").status();
	}

	private static void awaitState(EndpointApplication application, String state) {
		await().until(() -> application.get("/pubsub/subscriptions/billing").body(),
				(body) -> body.contains("\"state\":\"" + state + "\""));
	}

	static void assertProblem(Answer answer, int status, String sentence) {
		assertThat(answer.body()).contains("\"message\":\"").contains(sentence);
		assertThat(answer.status()).isEqualTo(status);
	}

}
