package dev.pubsub.redis.benchmarks;

import java.lang.management.ManagementFactory;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Configuration;

/**
 * An empty application: how long until it is ready? Its class path decides what it
 * starts.
 */
public final class Startup {

	private Startup() {
	}

	public static void main(String[] arguments) {
		new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE).run(arguments);
		long millis = System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime();
		System.out.println(Trial.FIGURE + "millis " + millis);
		System.exit(0);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
