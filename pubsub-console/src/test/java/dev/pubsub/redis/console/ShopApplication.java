package dev.pubsub.redis.console;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.pubsub.redis.annotation.StreamSubscribe;
import dev.pubsub.redis.test.TestRedis;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/**
 * An application with a console: a shop that handles orders, of which those for nothing
 * fail, and makes a report every night.
 */
final class ShopApplication implements AutoCloseable {

	private static final String SECURITY = "org.springframework.boot.security.autoconfigure.";

	/**
	 * Settings of an application that does not have Spring Security.
	 */
	static final Map<String, String> WITHOUT_SECURITY = Map.of("spring.autoconfigure.exclude",
			SECURITY + "web.servlet.ServletWebSecurityAutoConfiguration," + SECURITY
					+ "web.servlet.SecurityFilterAutoConfiguration," + SECURITY
					+ "web.reactive.ReactiveWebSecurityAutoConfiguration," + SECURITY
					+ "actuate.web.servlet.ManagementWebSecurityAutoConfiguration," + SECURITY
					+ "actuate.web.reactive.ReactiveManagementWebSecurityAutoConfiguration");

	private final ConfigurableApplicationContext context;

	private ShopApplication(ConfigurableApplicationContext context) {
		this.context = context;
	}

	/**
	 * Start the application without Spring Security.
	 */
	static ShopApplication start(TestRedis redis, WebApplicationType type, String... arguments) {
		return start(redis, type, WITHOUT_SECURITY, arguments);
	}

	static ShopApplication start(TestRedis redis, WebApplicationType type, Map<String, String> settings,
			String... arguments) {
		Map<String, String> all = new LinkedHashMap<>(settings);
		all.putAll(Map.of("orders", redis.key("orders"), "reports", redis.key("reports")));
		for (String property : redis.applicationProperties()) {
			String[] parts = property.split("=", 2);
			all.put(parts[0], parts[1]);
		}
		return start(type, all, arguments);
	}

	/**
	 * Start the application.
	 * @param settings where Redis is, and the names of the streams {@code orders} and
	 * {@code reports}
	 */
	static ShopApplication start(WebApplicationType type, Map<String, String> settings, String... arguments) {
		SpringApplication application = new SpringApplication(Application.class, Listeners.class);
		application.setWebApplicationType(type);
		Map<String, Object> defaults = new LinkedHashMap<>(settings);
		defaults.putAll(Map.of("spring.application.name", "shop", "server.port", "0", "pubsub.console.enabled", "true",
				"pubsub.console.interval", "1s", "spring.main.banner-mode", "off", "logging.level.root", "WARN"));
		// The console watches how much waits by itself where nothing else does.
		defaults.put("pubsub.redis.metrics.enabled", "false");
		application.setDefaultProperties(defaults);
		return new ShopApplication(application.run(arguments));
	}

	<T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

	/**
	 * Return the address of the console.
	 */
	String url() {
		String port = this.context.getEnvironment().getProperty("local.server.port");
		return "http://localhost:" + port + this.context.getEnvironment().getProperty("test.path", "/pubsub");
	}

	@Override
	public void close() {
		this.context.close();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	static class Listeners {

		@StreamSubscribe(stream = "${orders}", id = "orders", retryCountString = "${retries:0}")
		void order(Map<String, String> order) {
			if ("nothing".equals(order.get("item"))) {
				throw new IllegalArgumentException("There is nothing to deliver");
			}
		}

		@StreamSubscribe(stream = "${reports}", id = "reports", cron = "0 0 3 * * *", zone = "Europe/Berlin")
		void report() {
		}

	}

}
