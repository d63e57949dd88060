package dev.pubsub.redis.autoconfigure;

import java.util.List;
import java.util.stream.Collectors;

import dev.pubsub.redis.PubSubException;

/**
 * Thrown at startup when a property under {@code pubsub.redis} is no setting.
 */
class UnknownSettingException extends PubSubException {

	private final transient List<UnknownSetting> settings;

	UnknownSettingException(List<UnknownSetting> settings) {
		super("Unknown properties: " + settings.stream().map(UnknownSetting::name).collect(Collectors.joining(", ")));
		this.settings = List.copyOf(settings);
	}

	List<UnknownSetting> getSettings() {
		return this.settings;
	}

}
