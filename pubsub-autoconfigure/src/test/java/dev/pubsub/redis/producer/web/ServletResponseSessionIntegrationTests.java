package dev.pubsub.redis.producer.web;

import java.io.IOException;
import java.net.http.HttpResponse;

import dev.pubsub.redis.producer.ProducerSession;
import dev.pubsub.redis.producer.PublishException;
import dev.pubsub.redis.producer.RedisStreamProducer;
import dev.pubsub.redis.producer.SessionFlush;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Sessions that are committed while the response is on its way out.
 */
@RedisTest
class ServletResponseSessionIntegrationTests {

	private final ServletSessionScope scope = new ServletSessionScope();

	private final TestRedis redis;

	private final RedisStreamProducer producer;

	@AutoClose
	private WebApplication application;

	ServletResponseSessionIntegrationTests(TestRedis redis) {
		this.redis = redis;
		this.producer = WebApplication.producer(redis, this.scope);
	}

	@BeforeEach
	void start() {
		ProducerSession session = ProducerSession.current(this.producer, this.scope);
		this.application = WebApplication.servlet(this.producer, new ServletSessionFilter(SessionFlush.REQUEST_END),
				new Endpoints(session, this.redis.key("s")));
	}

	@Test
	void lengthOfBodyThatCouldNotGoOutIsForgotten() {
		this.redis.execute("SET", this.redis.key("s"), "a text");

		HttpResponse<String> response = this.application.send("/text");

		assertThat(response.statusCode()).isEqualTo(503);
		assertThat(response.body()).contains("try later");
	}

	@Test
	void headersOfBodyThatCouldNotGoOutAreForgotten() {
		this.redis.execute("SET", this.redis.key("s"), "a text");

		HttpResponse<String> response = this.application.send("/entity");

		assertThat(response.statusCode()).isEqualTo(503);
		assertThat(response.body()).contains("try later");
		assertThat(response.headers().map()).containsKey("X-Total").doesNotContainKeys("ETag", "Last-Modified");
	}

	@Test
	void sendsNothingWhenBodyWasTakenBackBeforeFailure() {
		assertThat(this.application.status("/reset-buffer")).isEqualTo(500);
		assertThat(this.application.status("/reset")).isEqualTo(500);

		assertThat(this.redis.xlen(this.redis.key("s"))).isZero();
	}

	@Test
	void failureBecomesAnErrorHoweverTheLengthIsSet() {
		this.redis.execute("SET", this.redis.key("s"), "a text");

		assertThat(this.application.status("/int-header")).isEqualTo(503);
	}

	@RestController
	static class Endpoints {

		private final ProducerSession session;

		private final String stream;

		Endpoints(ProducerSession session, String stream) {
			this.session = session;
			this.stream = stream;
		}

		@GetMapping("/text")
		String text() {
			this.session.add(this.stream, "x");
			return "x".repeat(1000);
		}

		@GetMapping("/entity")
		ResponseEntity<byte[]> entity() {
			this.session.add(this.stream, "x");
			return ResponseEntity.ok()
				.contentLength(1000)
				.eTag("\"one\"")
				.lastModified(0)
				.header("X-Total", "1")
				.body(new byte[1000]);
		}

		@ExceptionHandler
		ProblemDetail handle(PublishException ex) {
			return ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE, "try later");
		}

		@GetMapping("/int-header")
		void intHeader(HttpServletResponse response) throws IOException {
			this.session.add(this.stream, "x");
			response.setIntHeader("Content-Length", 10);
			response.getOutputStream().write(new byte[10]);
		}

		@GetMapping("/reset-buffer")
		void resetBuffer(HttpServletResponse response) throws IOException {
			this.session.add(this.stream, "x");
			writeTwice(response, response::resetBuffer);
		}

		@GetMapping("/reset")
		void reset(HttpServletResponse response) throws IOException {
			this.session.add(this.stream, "x");
			writeTwice(response, response::reset);
		}

		private static void writeTwice(HttpServletResponse response, Runnable takeBack) throws IOException {
			for (int i = 0; i < 2; i++) {
				response.getOutputStream().write(new byte[5000]);
				takeBack.run();
			}
			throw new IllegalStateException("The handler fails");
		}

	}

}
