package dev.pubsub.redis.producer.web;

import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;

import dev.pubsub.redis.producer.ProducerOptions;
import dev.pubsub.redis.producer.ProducerSession;
import dev.pubsub.redis.producer.PublishException;
import dev.pubsub.redis.producer.RedisStreamProducer;
import dev.pubsub.redis.producer.SessionFlush;
import dev.pubsub.redis.test.FaultProxy;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What becomes of a servlet request whose commit failed while its body was written.
 */
@RedisTest
class ServletCommitFailureIntegrationTests {

	private final ServletSessionScope scope = new ServletSessionScope();

	private final TestRedis redis;

	private final FaultProxy proxy;

	private final LettuceConnectionFactory factory;

	private final RedisStreamProducer producer;

	private WebApplication application;

	ServletCommitFailureIntegrationTests(TestRedis redis) {
		this.redis = redis;
		this.proxy = FaultProxy.to(redis.host(), redis.port());
		this.factory = this.proxy.connectionFactory();
		this.producer = RedisStreamProducer.builder(this.factory)
			.options(ProducerOptions.defaults().withTimeout(Duration.ofSeconds(1)))
			.sessionScope(this.scope)
			.build();
	}

	@BeforeEach
	void start() {
		ProducerSession session = ProducerSession.current(this.producer, this.scope);
		this.application = WebApplication.servlet(this.producer, new ServletSessionFilter(SessionFlush.REQUEST_END),
				new Endpoints(session, this.redis.key("s"), this.proxy));
		this.producer.newSession().add(this.redis.key("warm"), "x").commit();
	}

	@AfterEach
	void close() {
		this.application.close();
		this.factory.destroy();
		this.proxy.close();
	}

	@Test
	void whatMayHaveBeenSentIsNotSentAgainWithThePageThatSaysSorry() {
		HttpResponse<String> response = this.application.send("/text");

		assertThat(this.redis.xlen(this.redis.key("s"))).as("status %s", response.statusCode()).isOne();
	}

	@Test
	void redirectOfAnExceptionHandlerReachesTheClient() {
		this.redis.execute("SET", this.redis.key("s"), "a text");

		assertThat(this.application.status("/plain")).isEqualTo(303);
	}

	@RestController
	static class Endpoints {

		private final ProducerSession session;

		private final String stream;

		private final FaultProxy proxy;

		Endpoints(ProducerSession session, String stream, FaultProxy proxy) {
			this.session = session;
			this.stream = stream;
			this.proxy = proxy;
		}

		@GetMapping("/text")
		String text() {
			this.session.add(this.stream, "x");
			this.proxy.mode(FaultProxy.Mode.SWALLOW_REPLIES);
			return "done";
		}

		@GetMapping("/plain")
		String plain() {
			this.session.add(this.stream, "x");
			return "done";
		}

		@ExceptionHandler
		ResponseEntity<Void> handle(PublishException ex) {
			this.proxy.mode(FaultProxy.Mode.NORMAL);
			return ResponseEntity.status(303).location(URI.create("/sorry")).build();
		}

	}

}
