package dev.pubsub.redis.autoconfigure;

import java.util.Set;
import java.util.TreeSet;

import dev.pubsub.redis.listener.StreamListenerContainer;
import dev.pubsub.redis.listener.StreamListenerContainerRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextRefreshedEvent;

/**
 * Warns of settings for streams that nobody subscribes: most often a name lacks the
 * brackets that it needs. It asks the environment, since what is bound knows nothing of
 * {@code streams.a.b.threads}.
 */
final class UnusedSettings implements ApplicationListener<ContextRefreshedEvent> {

	private static final Logger logger = LoggerFactory.getLogger(UnusedSettings.class);

	private static final ConfigurationPropertyName STREAMS = ConfigurationPropertyName.of("pubsub.redis.streams");

	private final ConfigurableApplicationContext context;

	private final StreamListenerContainerRegistry registry;

	UnusedSettings(ConfigurableApplicationContext context, StreamListenerContainerRegistry registry) {
		this.context = context;
		this.registry = registry;
	}

	@Override
	public void onApplicationEvent(ContextRefreshedEvent event) {
		if (event.getApplicationContext() == this.context) {
			warn();
		}
	}

	private void warn() {
		Set<String> subscribed = new TreeSet<>();
		for (StreamListenerContainer container : this.registry.getContainers()) {
			subscribed.add(container.getSubscription().stream());
		}
		Set<String> unused = propertiesOfStreamsOtherThan(subscribed);
		if (!subscribed.isEmpty() && !unused.isEmpty()) {
			logger.warn(
					"No listener uses {}: the streams that are subscribed here are {}. A name with more than letters, "
							+ "digits and dashes takes brackets, as in pubsub.redis.streams[a.b].threads",
					String.join(", ", unused), String.join(", ", subscribed));
		}
	}

	/**
	 * The producer uses it without a listener.
	 */
	private static boolean isForPublishing(ConfigurationPropertyName name) {
		return name.getNumberOfElements() == STREAMS.getNumberOfElements() + 2
				&& name.getLastElement(Form.UNIFORM).equals("partitions");
	}

	private Set<String> propertiesOfStreamsOtherThan(Set<String> subscribed) {
		Set<String> names = new TreeSet<>();
		for (ConfigurationPropertySource source : ConfigurationPropertySources
			.from(this.context.getEnvironment().getPropertySources())) {
			if (source instanceof IterableConfigurationPropertySource properties) {
				properties.stream()
					.filter(STREAMS::isAncestorOf)
					.filter((name) -> !isForPublishing(name))
					.filter((name) -> !subscribed
						.contains(name.getElement(STREAMS.getNumberOfElements(), Form.ORIGINAL)))
					.forEach((name) -> names.add(name.toString()));
			}
		}
		return names;
	}

}
