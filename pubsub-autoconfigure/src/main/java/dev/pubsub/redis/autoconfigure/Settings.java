package dev.pubsub.redis.autoconfigure;

import java.util.function.BiFunction;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * Applies properties to immutable options, and names the property whose value they
 * refuse.
 *
 * @param <T> type of the options
 * @param prefix what the names of the properties start with
 * @param options the options so far
 */
record Settings<T>(String prefix, T options) {

	/**
	 * Apply a property.
	 * @param <V> type of its value
	 * @param name name of the property after the prefix
	 * @param value its value, {@code null} if it is not set
	 * @param setter makes the changed options
	 * @return settings with the changed options
	 */
	<V> Settings<T> with(String name, @Nullable V value, BiFunction<T, V, T> setter) {
		if (value == null) {
			return this;
		}
		try {
			return new Settings<>(this.prefix, setter.apply(this.options, value));
		}
		catch (IllegalArgumentException ex) {
			String reason = (ex.getMessage() != null) ? ex.getMessage() : ex.toString();
			throw new InvalidConfigurationPropertyValueException(this.prefix + name, value, reason);
		}
	}

}
