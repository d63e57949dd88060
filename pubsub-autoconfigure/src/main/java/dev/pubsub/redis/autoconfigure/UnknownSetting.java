package dev.pubsub.redis.autoconfigure;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.origin.Origin;

/**
 * A property that no setting has the name of. Its value is left out of all messages: it
 * may be an address with a password.
 *
 * @param name its name
 * @param origin where it stands, such as file and line
 * @param nearest the setting that may be meant
 * @param beside the names that there are in its place
 */
record UnknownSetting(String name, @Nullable Origin origin, @Nullable String nearest, List<String> beside) {

	@Override
	public String toString() {
		String place = (this.origin != null) ? this.origin.toString() : this.name;
		return (this.nearest != null) ? place + " (did you mean " + this.nearest + "?)" : place;
	}

}
