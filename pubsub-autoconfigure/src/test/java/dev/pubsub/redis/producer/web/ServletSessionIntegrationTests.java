package dev.pubsub.redis.producer.web;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;

import dev.pubsub.redis.producer.ProducerSession;
import dev.pubsub.redis.producer.PublishException;
import dev.pubsub.redis.producer.RedisStreamProducer;
import dev.pubsub.redis.producer.SessionFlush;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.server.ResponseStatusException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Sessions of servlet requests, on a real server with real threads.
 */
@RedisTest
@ExtendWith(OutputCaptureExtension.class)
class ServletSessionIntegrationTests {

	private final ServletSessionScope scope = new ServletSessionScope();

	private final TestRedis redis;

	private final RedisStreamProducer producer;

	private Endpoints endpoints;

	@AutoClose
	private WebApplication application;

	ServletSessionIntegrationTests(TestRedis redis) {
		this.redis = redis;
		this.producer = WebApplication.producer(redis, this.scope);
	}

	@Test
	void twoConcurrentRequestsNeverShareSession() throws Exception {
		start(SessionFlush.MANUAL);

		CompletableFuture<String> one = getAsync("/together/one");
		CompletableFuture<String> two = getAsync("/together/two");

		assertThat(one.get(10, TimeUnit.SECONDS)).isEqualTo("1 of 2 same");
		assertThat(two.get(10, TimeUnit.SECONDS)).isEqualTo("1 of 2 same");
	}

	@Test
	void warnsOnceOfWhatIsDropped(CapturedOutput output) {
		start(SessionFlush.MANUAL);

		get("/add/3");
		// It is logged after the response, when the request is over.
		await().until(() -> output.getOut().contains("Dropped"));

		assertThat(output.getOut().lines().filter((line) -> line.contains("Dropped"))).singleElement()
			.asString()
			.contains("WARN", "Dropped 3 messages", "GET /add/3");
		assertThat(sent()).isZero();
	}

	/**
	 * The handler knows, and has answered accordingly.
	 */
	@Test
	void saysNothingOfMessagesWhoseCommitFailedWithAnException(CapturedOutput output) throws Exception {
		start(SessionFlush.MANUAL);
		this.redis.execute("SET", this.redis.key("s"), "a text");

		assertThat(this.application.status("/commit-or-503")).isEqualTo(503);

		this.endpoints.over.get(10, TimeUnit.SECONDS);
		assertThat(output).doesNotContain("Dropped");
	}

	@Test
	void warnsOfMessagesThatWereAddedAfterACommitThatFailed(CapturedOutput output) {
		start(SessionFlush.MANUAL);
		this.redis.execute("SET", this.redis.key("s"), "a text");

		assertThat(this.application.status("/commit-or-add-2")).isEqualTo(200);

		await().untilAsserted(() -> assertThat(output).contains("Dropped 2 messages", "call commit()"));
	}

	@Test
	void commitsAtEndOfRequest(CapturedOutput output) {
		start(SessionFlush.REQUEST_END);

		assertThat(get("/add/3")).isEqualTo("added");

		assertThat(sent()).isEqualTo(3);
		assertThat(output).doesNotContain("Dropped");
	}

	@ParameterizedTest
	@EnumSource(names = { "INTERNAL_SERVER_ERROR", "NOT_FOUND" })
	void sendsNothingOfRequestThatFailed(HttpStatus status, CapturedOutput output) {
		start(SessionFlush.REQUEST_END);

		assertThat(this.application.status("/fail/" + status.value())).isEqualTo(status.value());

		assertThat(sent()).isZero();
		assertThat(output).doesNotContain("WARN");
	}

	@Test
	void sendsNothingAfterException() {
		start(SessionFlush.REQUEST_END);

		assertThat(this.application.status("/throw")).isEqualTo(500);

		assertThat(sent()).isZero();
	}

	@Test
	void answersWithErrorWhenCommitFails() {
		start(SessionFlush.REQUEST_END);
		this.redis.execute("SET", this.redis.key("s"), "a text");

		assertThat(this.application.status("/add/3")).isEqualTo(500);
	}

	@Test
	void commitsBeforeLargeResponse() {
		start(SessionFlush.REQUEST_END);

		assertThat(get("/large")).hasSize(100_000);

		assertThat(sent()).isEqualTo(1);
	}

	@Test
	void commitsAsynchronousRequestWhenItIsOver() {
		start(SessionFlush.REQUEST_END);

		assertThat(get("/callable")).isEqualTo("done");

		assertThat(sent()).isEqualTo(1);
	}

	@Test
	void doesNotLeakIntoWorkThatOutlivesTheRequest() throws Exception {
		start(SessionFlush.REQUEST_END);
		get("/later");

		assertThat(this.endpoints.late.get(10, TimeUnit.SECONDS)).as("a session of its own").isEqualTo("1 of 1");
		assertThat(sent()).isZero();
	}

	private void start(SessionFlush flush) {
		this.endpoints = new Endpoints(this.producer, ProducerSession.current(this.producer, this.scope),
				this.redis.key("s"));
		this.application = WebApplication.servlet(this.producer, new ServletSessionFilter(flush), this.endpoints);
	}

	private String get(String path) {
		return this.application.get(path);
	}

	private CompletableFuture<String> getAsync(String path) {
		return CompletableFuture.supplyAsync(() -> get(path));
	}

	private long sent() {
		return this.redis.xlen(this.redis.key("s"));
	}

	@RestController
	static class Endpoints implements ServletRequestListener {

		private final CyclicBarrier bothInside = new CyclicBarrier(2);

		private final CompletableFuture<Void> over = new CompletableFuture<>();

		private final CompletableFuture<String> late = new CompletableFuture<>();

		private final RedisStreamProducer producer;

		private final ProducerSession injected;

		private final String stream;

		Endpoints(RedisStreamProducer producer, ProducerSession injected, String stream) {
			this.producer = producer;
			this.injected = injected;
			this.stream = stream;
		}

		@Override
		public void requestDestroyed(ServletRequestEvent event) {
			this.over.complete(null);
		}

		@GetMapping("/together/{name}")
		String together(@PathVariable String name) throws Exception {
			ProducerSession session = this.producer.session();
			this.injected.add(this.stream, name);
			this.bothInside.await(5, TimeUnit.SECONDS);
			int before = session.size();
			this.injected.add(this.stream, name);
			this.bothInside.await(5, TimeUnit.SECONDS);
			List<?> ids = this.injected.commit();
			return before + " of " + ids.size() + ((session == this.producer.session()) ? " same" : " other");
		}

		@GetMapping("/add/{count}")
		String add(@PathVariable int count) {
			for (int i = 0; i < count; i++) {
				this.injected.add(this.stream, "m" + i);
			}
			return "added";
		}

		@GetMapping("/commit-or-503")
		ResponseEntity<String> commitOr503() {
			try {
				this.producer.session().add(this.stream, "x").commit();
				return ResponseEntity.ok("published");
			}
			catch (PublishException ex) {
				return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE).body("not published");
			}
		}

		@GetMapping("/commit-or-add-2")
		String commitOrAdd2() {
			try {
				this.injected.add(this.stream, "x").commit();
			}
			catch (PublishException ex) {
				this.injected.add(this.stream, "y").add(this.stream, "z");
			}
			return "added";
		}

		@GetMapping("/large")
		String large() {
			this.injected.add(this.stream, "x");
			return "x".repeat(100_000);
		}

		@GetMapping("/fail/{status}")
		ResponseEntity<String> fail(@PathVariable int status) {
			this.injected.add(this.stream, "x");
			return ResponseEntity.status(HttpStatusCode.valueOf(status)).body("failed");
		}

		@GetMapping("/throw")
		String fail() {
			this.injected.add(this.stream, "x");
			throw new ResponseStatusException(HttpStatus.INTERNAL_SERVER_ERROR);
		}

		@GetMapping("/callable")
		Callable<String> callable() {
			return () -> {
				this.injected.add(this.stream, "x");
				return "done";
			};
		}

		@GetMapping("/later")
		String later() {
			var attributes = RequestContextHolder.currentRequestAttributes();
			Thread thread = new Thread(() -> {
				RequestContextHolder.setRequestAttributes(attributes);
				this.over.join();
				ProducerSession session = this.producer.session().add(this.stream, "late");
				this.late.complete(session.size() + " of 1");
			});
			thread.start();
			return "later";
		}

	}

}
