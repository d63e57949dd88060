package dev.pubsub.redis.producer.web;

import java.net.URI;
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
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Publishing by blocking handlers of WebFlux, and commits that fail there.
 */
@RedisTest
class ReactiveProducerIntegrationTests {

	private final TestRedis redis;

	private final FaultProxy proxy;

	private final LettuceConnectionFactory factory;

	private final RedisStreamProducer producer;

	private final WebApplication application;

	ReactiveProducerIntegrationTests(TestRedis redis) {
		this.redis = redis;
		this.proxy = FaultProxy.to(redis.host(), redis.port());
		this.factory = this.proxy.connectionFactory();
		this.producer = RedisStreamProducer.builder(this.factory)
			.options(ProducerOptions.defaults().withTimeout(Duration.ofSeconds(1)))
			.sessionScope(new ReactiveSessionScope(SessionFlush.REQUEST_END))
			.build();
		this.application = WebApplication.reactive(this.producer, new ReactiveSessionFilter(SessionFlush.REQUEST_END),
				new Endpoints(this.producer, redis.key("s"), this.proxy));
		this.producer.publish(redis.key("warm"), "x");
		this.producer.newSession().add(redis.key("warm"), "x").commit();
	}

	@AfterEach
	void close() {
		this.application.close();
		this.factory.destroy();
		this.proxy.close();
	}

	@Test
	void whatMayHaveBeenSentIsNotSentAgainAfterAnExceptionHandler() {
		this.application.status("/text");

		await().during(Duration.ofMillis(500)).until(() -> this.redis.xlen(this.redis.key("s")) == 1);
	}

	@Test
	void publishesInAHandlerThatBlocks() {
		assertThat(this.application.get("/blocking")).matches("\\d+-\\d+");

		assertThat(this.redis.xlen(this.redis.key("s"))).isOne();
	}

	@RestController
	static class Endpoints {

		private final RedisStreamProducer producer;

		private final String stream;

		private final FaultProxy proxy;

		Endpoints(RedisStreamProducer producer, String stream, FaultProxy proxy) {
			this.producer = producer;
			this.stream = stream;
			this.proxy = proxy;
		}

		@GetMapping("/text")
		Mono<String> text(ProducerSession session) {
			session.add(this.stream, "x");
			this.proxy.mode(FaultProxy.Mode.SWALLOW_REPLIES);
			return Mono.just("done");
		}

		@GetMapping("/blocking")
		Mono<String> blocking() {
			return Mono.just(this.producer.publish(this.stream, "x").getValue());
		}

		@ExceptionHandler
		ResponseEntity<Void> handle(PublishException ex) {
			this.proxy.mode(FaultProxy.Mode.NORMAL);
			return ResponseEntity.status(303).location(URI.create("/sorry")).build();
		}

	}

}
