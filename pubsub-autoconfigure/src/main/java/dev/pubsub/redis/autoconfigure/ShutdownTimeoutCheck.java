package dev.pubsub.redis.autoconfigure;

import java.time.Duration;
import java.util.List;

import dev.pubsub.redis.listener.StreamListenerContainer;
import dev.pubsub.redis.listener.StreamListenerContainerRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.core.env.Environment;

/**
 * Warns of handlers that are promised more time at shutdown than the application has.
 */
final class ShutdownTimeoutCheck implements ApplicationListener<ContextRefreshedEvent> {

	private static final Logger logger = LoggerFactory.getLogger(ShutdownTimeoutCheck.class);

	private static final String PHASE_TIMEOUT = "spring.lifecycle.timeout-per-shutdown-phase";

	private static final Duration DEFAULT_PHASE_TIMEOUT = Duration.ofSeconds(30);

	private final StreamListenerContainerRegistry registry;

	private final Environment environment;

	private volatile boolean checked;

	ShutdownTimeoutCheck(StreamListenerContainerRegistry registry, Environment environment) {
		this.registry = registry;
		this.environment = environment;
	}

	@Override
	public void onApplicationEvent(ContextRefreshedEvent event) {
		if (this.checked) {
			return;
		}
		this.checked = true;
		Duration phase = Binder.get(this.environment).bind(PHASE_TIMEOUT, Duration.class).orElse(DEFAULT_PHASE_TIMEOUT);
		List<StreamListenerContainer> longer = this.registry.getContainers()
			.stream()
			.filter((container) -> shutdownTimeout(container).compareTo(phase) > 0)
			.toList();
		if (!longer.isEmpty()) {
			Duration longest = longer.stream()
				.map(ShutdownTimeoutCheck::shutdownTimeout)
				.max(Duration::compareTo)
				.orElseThrow();
			logger.warn(
					"pubsub.redis.shutdown-timeout is {} s for {}, but the application stops waiting after {} s and "
							+ "closes connections while handlers run: set {} to {}s or more, or shorten the former",
					longest.toSeconds(), longer.stream().map(StreamListenerContainer::getId).toList(),
					phase.toSeconds(), PHASE_TIMEOUT, longest.plusSeconds(10).toSeconds());
		}
	}

	private static Duration shutdownTimeout(StreamListenerContainer container) {
		return container.getSubscription().options().shutdownTimeout();
	}

}
