package dev.pubsub.redis.actuate;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * What a request is about. The path is read as a whole, since the web stacks of Spring
 * Boot do not agree on what remains of one behind its first parts.
 *
 * @param area the area
 * @param name id of a subscription or name of a stream, {@code null} for all there is
 */
record Subject(Area area, @Nullable String name) {

	static Subject of(String[] path) {
		Area area = Area.of((path.length > 0) ? path[0] : "");
		return new Subject(area,
				(path.length > 1) ? String.join("/", Arrays.asList(path).subList(1, path.length)) : null);
	}

	String requireName() {
		if (this.name == null) {
			throw Inputs.invalid("Name what it is about: %s/{name}".formatted(Inputs.name(this.area)));
		}
		return this.name;
	}

}
