package dev.pubsub.redis.console;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/**
 * Settings of the console.
 *
 * @param enabled Whether to serve the console.
 * @param path Path of the console, after the context path of the application.
 * @param access What the console may do.
 * @param showPayloads Whether to show the values of message fields and headers. Names and
 * sizes of fields are always shown, and so are the exceptions of dead letters.
 * @param interval Time between two points of the charts, from 1 second to 1 hour. A chart
 * has 180 points.
 * @since 0.1.0
 */
@ConfigurationProperties("pubsub.console")
public record ConsoleProperties(@DefaultValue("false") boolean enabled, @DefaultValue("/pubsub") String path,
		@DefaultValue("read-only") ConsoleAccess access, @DefaultValue("false") boolean showPayloads,
		@DefaultValue("5s") Duration interval) {

	public ConsoleProperties {
		Assert.isTrue(interval.compareTo(Duration.ofSeconds(1)) >= 0 && interval.compareTo(Duration.ofHours(1)) <= 0,
				() -> "'pubsub.console.interval' must be from 1 second to 1 hour, was " + interval);
	}

}
