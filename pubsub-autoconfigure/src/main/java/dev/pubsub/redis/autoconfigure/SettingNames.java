package dev.pubsub.redis.autoconfigure;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.core.env.Environment;

/**
 * The names of all settings, as far as an environment has some beside them: those that
 * Spring Boot looks for when it binds the properties.
 */
final class SettingNames {

	private static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of("pubsub.redis");

	private static final ConfigurationPropertyName STREAMS = PREFIX.append("streams");

	private final Set<ConfigurationPropertyName> names;

	/** Without dots and dashes, which are the same in an environment variable. */
	private final Set<String> compact = new HashSet<>();

	private SettingNames(Set<ConfigurationPropertyName> names) {
		this.names = names;
		names.forEach((name) -> this.compact.add(compact(name)));
	}

	static SettingNames of(Environment environment) {
		Set<ConfigurationPropertyName> names = new LinkedHashSet<>();
		Binder.get(environment).bind(PREFIX, Bindable.of(PubSubProperties.class), new BindHandler() {

			@Override
			public <T> Bindable<T> onStart(ConfigurationPropertyName name, Bindable<T> target, BindContext context) {
				names.add(name);
				return target;
			}

			/**
			 * Values were checked when the properties themselves were bound.
			 */
			@Override
			public @Nullable Object onFailure(ConfigurationPropertyName name, Bindable<?> target, BindContext context,
					Exception error) {
				return null;
			}

		});
		return new SettingNames(names);
	}

	/**
	 * Return whether a property would be ignored. Not said of a stream whose name lacks
	 * its brackets: {@link UnusedSettings} knows the streams.
	 * @param name name of the property
	 * @param variable whether it is an environment variable
	 * @return whether it is under the prefix, and no setting
	 */
	boolean isUnknown(ConfigurationPropertyName name, boolean variable) {
		return PREFIX.isAncestorOf(name) && !this.names.contains(name) && !hasBareStream(name)
				&& !(variable && this.compact.contains(compact(name)));
	}

	private boolean hasBareStream(ConfigurationPropertyName name) {
		int stream = STREAMS.getNumberOfElements() + 1;
		if (!STREAMS.isAncestorOf(name) || name.getNumberOfElements() <= stream + 1) {
			return false;
		}
		ConfigurationPropertyName parent = name.chop(stream);
		for (int i = stream + 1; i < name.getNumberOfElements(); i++) {
			if (this.names.contains(parent.append(name.getElement(i, Form.ORIGINAL)))) {
				return !this.names.contains(name.chop(stream + 1));
			}
		}
		return false;
	}

	/**
	 * Return the setting whose name is the most similar.
	 * @param name an unknown name
	 * @return the whole name of the setting, {@code null} if none is similar
	 */
	@Nullable String nearest(ConfigurationPropertyName name) {
		ConfigurationPropertyName parent = known(name);
		int index = parent.getNumberOfElements();
		String written = name.getElement(index, Form.UNIFORM);
		String nearest = null;
		int least = Math.max(2, written.length() / 2) + 1;
		for (String candidate : beside(name)) {
			int distance = distance(written, candidate.replace("-", ""));
			if (distance < least) {
				least = distance;
				nearest = candidate;
			}
		}
		if (nearest == null) {
			return null;
		}
		StringBuilder whole = new StringBuilder(parent.append(nearest).toString());
		for (int i = index + 1; i < name.getNumberOfElements(); i++) {
			whole.append('.').append(name.getElement(i, Form.ORIGINAL));
		}
		return whole.toString();
	}

	/**
	 * Return the names that are possible instead of the first wrong part of a name.
	 * @param name an unknown name
	 * @return the names
	 */
	List<String> beside(ConfigurationPropertyName name) {
		ConfigurationPropertyName parent = known(name);
		List<String> beside = new ArrayList<>();
		if (!parent.equals(STREAMS)) {
			this.names.stream()
				.filter(parent::isParentOf)
				.forEach((candidate) -> beside.add(candidate.getLastElement(Form.ORIGINAL)));
		}
		return beside;
	}

	private ConfigurationPropertyName known(ConfigurationPropertyName name) {
		ConfigurationPropertyName parent = name.getParent();
		while (!this.names.contains(parent) && PREFIX.isAncestorOf(parent)) {
			parent = parent.getParent();
		}
		return parent;
	}

	private static String compact(ConfigurationPropertyName name) {
		return name.toString().replaceAll("[^\\p{L}\\p{N}]", "").toLowerCase(Locale.ROOT);
	}

	/**
	 * Return how many letters to insert, leave out or replace to come from one word to
	 * the other.
	 */
	private static int distance(String one, String other) {
		int[] row = new int[other.length() + 1];
		for (int j = 0; j <= other.length(); j++) {
			row[j] = j;
		}
		for (int i = 1; i <= one.length(); i++) {
			int diagonal = row[0];
			row[0] = i;
			for (int j = 1; j <= other.length(); j++) {
				int replaced = (one.charAt(i - 1) == other.charAt(j - 1)) ? diagonal : diagonal + 1;
				diagonal = row[j];
				row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
			}
		}
		return row[other.length()];
	}

}
