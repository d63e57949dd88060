package dev.pubsub.redis.benchmarks;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

import dev.pubsub.redis.annotation.StreamSubscribe;

import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;

/**
 * What users get: an annotated method in a Spring Boot application.
 */
final class ListenerConsumption implements Consumption {

	private final ConfigurableApplicationContext application;

	ListenerConsumption(String group, Settings settings, Consumer<Order> handler) {
		this.application = application(settings)
			.initializers((context) -> ((GenericApplicationContext) context).registerBean(Listener.class,
					() -> new Listener(handler)))
			.properties(Map.of("benchmark.stream", settings.text(Settings.STREAM), "benchmark.group", group))
			.run();
	}

	/**
	 * Return an application without listeners, to be run.
	 */
	static SpringApplicationBuilder application(Settings settings) {
		Map<String, Object> properties = new HashMap<>();
		properties.put("spring.data.redis.url", settings.text(Settings.URL));
		properties.put("spring.threads.virtual.enabled", settings.is(Settings.VIRTUAL));
		for (String key : new String[] { "threads", "lease", "read-count", "processes" }) {
			if (settings.has(key)) {
				properties.put("pubsub.redis." + key, settings.text(key));
			}
		}
		if (settings.is(Settings.ORDERED)) {
			properties.put("pubsub.redis.streams[" + settings.text(Settings.STREAM) + "].ordered", true);
		}
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.bannerMode(Banner.Mode.OFF)
			.registerShutdownHook(false)
			.properties(properties);
	}

	@Override
	public void close() {
		this.application.close();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	static class Listener {

		private final Consumer<Order> handler;

		Listener(Consumer<Order> handler) {
			this.handler = handler;
		}

		@StreamSubscribe(stream = "${benchmark.stream}", group = "${benchmark.group}")
		void placed(Order order) {
			this.handler.accept(order);
		}

	}

}
