package dev.pubsub.redis.producer.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

import dev.pubsub.redis.producer.RedisStreamProducer;
import dev.pubsub.redis.producer.SessionScope;
import dev.pubsub.redis.test.TestRedis;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.http.codec.autoconfigure.CodecsAutoConfiguration;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.reactor.autoconfigure.ReactorAutoConfiguration;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.HttpHandlerAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.WebFluxAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.reactive.result.method.annotation.ArgumentResolverConfigurer;

/**
 * A small web application on a free port that publishes, and a client for it. Its
 * producer is a bean, and closed with it.
 */
final class WebApplication implements AutoCloseable {

	private final HttpClient client = HttpClient.newHttpClient();

	private final ConfigurableApplicationContext context;

	private WebApplication(ConfigurableApplicationContext context) {
		this.context = context;
	}

	static RedisStreamProducer producer(TestRedis redis, SessionScope scope) {
		return RedisStreamProducer.builder(redis.connectionFactory()).sessionScope(scope).build();
	}

	static WebApplication servlet(RedisStreamProducer producer, Object... beans) {
		return start(WebApplicationType.SERVLET, Servlet.class, producer, beans);
	}

	static WebApplication reactive(RedisStreamProducer producer, Object... beans) {
		return start(WebApplicationType.REACTIVE, Reactive.class, producer, beans);
	}

	private static WebApplication start(WebApplicationType type, Class<?> configuration, RedisStreamProducer producer,
			Object... beans) {
		return new WebApplication(new SpringApplicationBuilder(configuration).web(type)
			.initializers((context) -> register(context, producer), (context) -> register(context, beans))
			.run("--server.port=0", "--spring.main.banner-mode=off", "--spring.reactor.context-propagation=auto"));
	}

	String get(String path) {
		return send(path).body();
	}

	int status(String path) {
		return send(path).statusCode();
	}

	@Override
	public void close() {
		this.context.close();
	}

	HttpResponse<String> send(String path) {
		URI uri = URI
			.create("http://localhost:" + this.context.getEnvironment().getProperty("local.server.port") + path);
		try {
			return this.client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@SuppressWarnings("unchecked")
	private static void register(ConfigurableApplicationContext context, Object... beans) {
		for (Object bean : beans) {
			((GenericApplicationContext) context).registerBean((Class<Object>) bean.getClass(), () -> bean);
		}
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ TomcatServletWebServerAutoConfiguration.class, DispatcherServletAutoConfiguration.class,
			WebMvcAutoConfiguration.class, HttpMessageConvertersAutoConfiguration.class })
	static class Servlet {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ NettyReactiveWebServerAutoConfiguration.class, HttpHandlerAutoConfiguration.class,
			WebFluxAutoConfiguration.class, CodecsAutoConfiguration.class, ReactorAutoConfiguration.class })
	static class Reactive {

		@Bean
		WebFluxConfigurer sessionParameters(RedisStreamProducer producer) {
			return new WebFluxConfigurer() {

				@Override
				public void configureArgumentResolvers(ArgumentResolverConfigurer configurer) {
					configurer.addCustomResolver(new ReactiveSessionArgumentResolver(producer));
				}

			};
		}

	}

}
