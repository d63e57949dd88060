package dev.pubsub.redis.producer.web;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.pubsub.redis.producer.ProducerSession;
import dev.pubsub.redis.producer.RedisStreamProducer;
import dev.pubsub.redis.producer.SessionFlush;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Sessions of reactive exchanges, on a real server, over several threads.
 */
@RedisTest
@ExtendWith(OutputCaptureExtension.class)
class ReactiveSessionIntegrationTests {

	private static final int MANY = 20_000;

	private final TestRedis redis;

	private RedisStreamProducer producer;

	@AutoClose
	private WebApplication application;

	ReactiveSessionIntegrationTests(TestRedis redis) {
		this.redis = redis;
	}

	@Test
	void twoConcurrentRequestsNeverShareSession() throws Exception {
		start(SessionFlush.MANUAL);

		CompletableFuture<String> one = getAsync("/together/one");
		CompletableFuture<String> two = getAsync("/together/two");

		assertThat(one.get(10, TimeUnit.SECONDS)).isEqualTo("1 of 2");
		assertThat(two.get(10, TimeUnit.SECONDS)).isEqualTo("1 of 2");
	}

	@Test
	void findsSameSessionInParameterContextAndOnThread() {
		start(SessionFlush.MANUAL);

		assertThat(get("/same")).isEqualTo("same same");
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

	@Test
	void commitsBeforeResponseGoesOut() {
		start(SessionFlush.REQUEST_END);

		assertThat(get("/add/3")).isEqualTo("added");

		assertThat(sent()).isEqualTo(3);
	}

	@Test
	void sendsNothingOfRequestThatFailed() {
		start(SessionFlush.REQUEST_END);

		assertThat(this.application.status("/fail/500")).isEqualTo(500);
		assertThat(this.application.status("/fail/404")).isEqualTo(404);
		assertThat(this.application.status("/throw")).isEqualTo(500);

		assertThat(sent()).isZero();
	}

	@Test
	void answersWithErrorWhenCommitFails() {
		start(SessionFlush.REQUEST_END);
		this.redis.execute("SET", this.redis.key("s"), "a text");

		assertThat(this.application.status("/add/3")).isEqualTo(500);
	}

	@ParameterizedTest
	@EnumSource(names = { "MANUAL", "REQUEST_END" })
	void waitsForCommitThatHandlerDidNotAwait(SessionFlush flush, CapturedOutput output) {
		start(flush);

		assertThat(this.application.status("/commit-async")).isEqualTo(200);

		await("end of the request").untilAsserted(() -> assertThat(sent()).isEqualTo(MANY));
		assertThat(output).doesNotContain("Dropped").doesNotContain("ERROR");
	}

	@Test
	void warnsOfWhatCommitThatHandlerDidNotAwaitCouldNotSend(CapturedOutput output) {
		start(SessionFlush.MANUAL);
		this.redis.execute("SET", this.redis.key("s"), "a text");

		assertThat(this.application.status("/commit-async")).isEqualTo(200);

		await("end of the request").untilAsserted(() -> assertThat(output).contains("Dropped " + MANY + " messages"));
	}

	private void start(SessionFlush flush) {
		this.producer = WebApplication.producer(this.redis, new ReactiveSessionScope(flush));
		this.application = WebApplication.reactive(this.producer, new ReactiveSessionFilter(flush),
				new Endpoints(this.producer, this.redis.key("s")));
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
	static class Endpoints {

		private final AtomicInteger inside = new AtomicInteger();

		private final Sinks.Empty<Void> bothInside = Sinks.empty();

		private final RedisStreamProducer producer;

		private final String stream;

		Endpoints(RedisStreamProducer producer, String stream) {
			this.producer = producer;
			this.stream = stream;
		}

		@GetMapping("/together/{name}")
		Mono<String> together(@PathVariable String name, ProducerSession session) {
			session.add(this.stream, name);
			if (this.inside.incrementAndGet() == 2) {
				this.bothInside.tryEmitEmpty();
			}
			return this.bothInside.asMono()
				.then(Mono.delay(Duration.ofMillis(20)))
				.then(ReactiveSessions.current(this.producer))
				.flatMap((current) -> {
					int before = current.size();
					current.add(this.stream, name);
					return Mono.fromFuture(current.commitAsync()).map((ids) -> before + " of " + ids.size());
				});
		}

		@GetMapping("/same")
		Mono<String> same(ProducerSession session) {
			return Mono.delay(Duration.ofMillis(20))
				.then(ReactiveSessions.current(this.producer))
				.map((current) -> ((current == session) ? "same" : "other") + " "
						+ ((this.producer.session() == session) ? "same" : "other"));
		}

		@GetMapping("/add/{count}")
		Mono<String> add(@PathVariable int count, ProducerSession session) {
			return Mono.delay(Duration.ofMillis(20)).map((ignored) -> {
				for (int i = 0; i < count; i++) {
					session.add(this.stream, "m" + i);
				}
				return "added";
			});
		}

		@GetMapping("/commit-async")
		Mono<String> commitAsync(ProducerSession session) {
			for (int i = 0; i < MANY; i++) {
				session.add(this.stream, "x");
			}
			session.commitAsync();
			return Mono.just("accepted");
		}

		@GetMapping("/fail/{status}")
		Mono<ResponseEntity<String>> fail(@PathVariable int status, ProducerSession session) {
			session.add(this.stream, "x");
			return Mono.just(ResponseEntity.status(HttpStatusCode.valueOf(status)).body("failed"));
		}

		@GetMapping("/throw")
		Mono<String> fail(ProducerSession session) {
			session.add(this.stream, "x");
			return Mono.error(new ResponseStatusException(HttpStatus.INTERNAL_SERVER_ERROR));
		}

	}

}
