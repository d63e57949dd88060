package dev.pubsub.redis.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.env.ConfigTreePropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Refuses properties under {@code pubsub.redis} that no setting has the name of, since
 * they would be ignored. Of environment variables and the files of a configuration tree
 * it only warns: others may have set them, such as Kubernetes for a service called
 * {@code pubsub-redis}, or a mounted secret that has more than what is needed here.
 */
final class UnknownSettings {

	private static final Logger logger = LoggerFactory.getLogger(UnknownSettings.class);

	private final ConfigurableEnvironment environment;

	private final SettingNames names;

	private UnknownSettings(ConfigurableEnvironment environment) {
		this.environment = environment;
		this.names = SettingNames.of(environment);
	}

	/**
	 * Check the properties of an environment.
	 * @param environment the environment
	 * @throws UnknownSettingException if there is a property that no setting has the name
	 * of
	 */
	static void check(Environment environment) {
		if (environment instanceof ConfigurableEnvironment configurable) {
			new UnknownSettings(configurable).check();
		}
	}

	private void check() {
		TreeMap<String, UnknownSetting> refused = new TreeMap<>();
		List<UnknownSetting> foreign = new ArrayList<>();
		for (ConfigurationPropertySource source : ConfigurationPropertySources
			.from(this.environment.getPropertySources())) {
			if (!(source instanceof IterableConfigurationPropertySource properties)) {
				continue;
			}
			boolean variables = source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource;
			boolean mayBeOfOthers = variables || source.getUnderlyingSource() instanceof ConfigTreePropertySource;
			for (ConfigurationPropertyName name : properties) {
				if (this.names.isUnknown(name, variables)) {
					UnknownSetting unknown = unknown(name, source);
					if (mayBeOfOthers) {
						foreign.add(unknown);
					}
					else {
						refused.putIfAbsent(unknown.name(), unknown);
					}
				}
			}
		}
		if (!foreign.isEmpty()) {
			logger.warn("Ignoring environment variables or mounted files that are no settings of pubsub.redis.*: {}",
					foreign.stream().map(UnknownSetting::toString).sorted().collect(Collectors.joining(", ")));
		}
		if (!refused.isEmpty()) {
			throw new UnknownSettingException(List.copyOf(refused.values()));
		}
	}

	private UnknownSetting unknown(ConfigurationPropertyName name, ConfigurationPropertySource source) {
		ConfigurationProperty property = source.getConfigurationProperty(name);
		return new UnknownSetting(name.toString(), (property != null) ? property.getOrigin() : null,
				this.names.nearest(name), this.names.beside(name));
	}

}
