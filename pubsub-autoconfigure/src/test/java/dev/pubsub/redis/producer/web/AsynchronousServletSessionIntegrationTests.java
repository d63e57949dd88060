package dev.pubsub.redis.producer.web;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

import dev.pubsub.redis.producer.ProducerSession;
import dev.pubsub.redis.producer.RedisStreamProducer;
import dev.pubsub.redis.producer.SessionFlush;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Sessions of servlet requests that work on several threads, or do not wait for their
 * commits.
 */
@RedisTest
@ExtendWith(OutputCaptureExtension.class)
class AsynchronousServletSessionIntegrationTests {

	private static final int MANY = 20_000;

	private final ServletSessionScope scope = new ServletSessionScope();

	private final TestRedis redis;

	private final RedisStreamProducer producer;

	@AutoClose
	private WebApplication application;

	AsynchronousServletSessionIntegrationTests(TestRedis redis) {
		this.redis = redis;
		this.producer = WebApplication.producer(redis, this.scope);
	}

	@ParameterizedTest
	@EnumSource(names = { "MANUAL", "REQUEST_END" })
	void waitsForCommitThatHandlerDidNotAwait(SessionFlush flush, CapturedOutput output) {
		start(flush);

		assertThat(this.application.status("/commit-async")).isEqualTo(200);

		await("end of the request").untilAsserted(() -> assertThat(sent()).isEqualTo(MANY));
		assertThat(output).doesNotContain("Dropped");
	}

	@Test
	void warnsOfWhatCommitThatHandlerDidNotAwaitCouldNotSend(CapturedOutput output) {
		start(SessionFlush.MANUAL);
		this.redis.execute("SET", this.redis.key("s"), "a text");

		assertThat(this.application.status("/commit-async")).isEqualTo(200);

		await("end of the request").untilAsserted(() -> assertThat(output).contains("Dropped " + MANY + " messages"));
	}

	@Test
	void goesWithRequestToThreadOfCallableAndBack() {
		start(SessionFlush.REQUEST_END);

		assertThat(this.application.status("/callable")).isEqualTo(200);

		assertThat(sent()).as("interceptor, handler, callable, interceptor").isEqualTo(4);
	}

	@Test
	void goesWithRequestToThreadThatTakesOverDeferredResult() {
		start(SessionFlush.REQUEST_END);

		assertThat(this.application.status("/deferred")).isEqualTo(200);

		assertThat(sent()).as("interceptor, handler, interceptor").isEqualTo(3);
	}

	private void start(SessionFlush flush) {
		ProducerSession session = ProducerSession.current(this.producer, this.scope);
		String stream = this.redis.key("s");
		this.application = WebApplication.servlet(this.producer, new ServletSessionFilter(flush),
				new Endpoints(session, stream), new Interceptors(session, stream));
	}

	private long sent() {
		return this.redis.xlen(this.redis.key("s"));
	}

	@RestController
	static class Endpoints {

		private final ProducerSession session;

		private final String stream;

		Endpoints(ProducerSession session, String stream) {
			this.session = session;
			this.stream = stream;
		}

		@GetMapping("/commit-async")
		void commitAsync() {
			for (int i = 0; i < MANY; i++) {
				this.session.add(this.stream, "x");
			}
			this.session.commitAsync();
		}

		@GetMapping("/callable")
		Callable<String> callable() {
			this.session.add(this.stream, "handler");
			return () -> {
				this.session.add(this.stream, "callable");
				return "done";
			};
		}

		@GetMapping("/deferred")
		DeferredResult<String> deferred() {
			this.session.add(this.stream, "handler");
			DeferredResult<String> result = new DeferredResult<>();
			CompletableFuture.runAsync(() -> result.setResult("done"));
			return result;
		}

	}

	/**
	 * Adds a message before the handler runs, and another before its result is written.
	 */
	static class Interceptors implements WebMvcConfigurer, HandlerInterceptor {

		private final ProducerSession session;

		private final String stream;

		Interceptors(ProducerSession session, String stream) {
			this.session = session;
			this.stream = stream;
		}

		@Override
		public void addInterceptors(InterceptorRegistry registry) {
			registry.addInterceptor(this).addPathPatterns("/callable", "/deferred");
		}

		@Override
		public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
			this.session.add(this.stream, request.getDispatcherType().name());
			return true;
		}

	}

}
