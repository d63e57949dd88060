package dev.pubsub.redis.producer.web;

import java.io.IOException;

import dev.pubsub.redis.producer.RedisStreamProducer;
import dev.pubsub.redis.producer.SessionFlush;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.core.Ordered;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.filter.CharacterEncodingFilter;
import org.springframework.web.filter.ShallowEtagHeaderFilter;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Filters of an application that publish, and filters that stand between the session and
 * the response.
 */
@RedisTest
class SessionFilterOrderIntegrationTests {

	private static final int BEFORE_SPRING_SECURITY = -101;

	private final TestRedis redis;

	private RedisStreamProducer producer;

	@AutoClose
	private WebApplication application;

	SessionFilterOrderIntegrationTests(TestRedis redis) {
		this.redis = redis;
	}

	@Test
	void servletFilterAddsToSessionOfRequest() {
		startServlet(new CharacterEncodingFilter());

		assertThat(this.application.status("/plain")).isEqualTo(200);

		assertThat(sent()).isEqualTo(1);
	}

	@Test
	void errorPageIsAnsweredWhenFilterHasHeldBackTheResponse() {
		startServlet(new ShallowEtagHeaderFilter());
		this.redis.execute("SET", this.redis.key("s"), "a text");

		assertThat(this.application.status("/plain")).isEqualTo(500);
	}

	@Test
	void webFilterAddsToSessionOfExchange() {
		this.producer = WebApplication.producer(this.redis, new ReactiveSessionScope(SessionFlush.REQUEST_END));
		this.application = WebApplication.reactive(this.producer, new Endpoints(), new PublishingWebFilter(),
				new ReactiveSessionFilter(SessionFlush.REQUEST_END));

		assertThat(this.application.status("/plain")).isEqualTo(200);

		assertThat(sent()).isEqualTo(1);
	}

	private void startServlet(Filter filter) {
		this.producer = WebApplication.producer(this.redis, new ServletSessionScope());
		this.application = WebApplication.servlet(this.producer, new Endpoints(), new PublishingFilter(), filter,
				new ServletSessionFilter(SessionFlush.REQUEST_END));
	}

	private long sent() {
		return this.redis.xlen(this.redis.key("s"));
	}

	@RestController
	static class Endpoints {

		@GetMapping("/plain")
		String plain() {
			return "plain";
		}

	}

	private final class PublishingFilter implements Filter, Ordered {

		@Override
		public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
				throws IOException, ServletException {
			SessionFilterOrderIntegrationTests test = SessionFilterOrderIntegrationTests.this;
			test.producer.session().add(test.redis.key("s"), "seen");
			chain.doFilter(request, response);
		}

		@Override
		public int getOrder() {
			return BEFORE_SPRING_SECURITY;
		}

	}

	private final class PublishingWebFilter implements WebFilter, Ordered {

		@Override
		public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
			SessionFilterOrderIntegrationTests test = SessionFilterOrderIntegrationTests.this;
			ReactiveSessions.of(exchange, test.producer).add(test.redis.key("s"), "seen");
			return chain.filter(exchange);
		}

		@Override
		public int getOrder() {
			return BEFORE_SPRING_SECURITY;
		}

	}

}
