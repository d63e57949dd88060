package dev.pubsub.redis.operations;

import java.time.Instant;

import dev.pubsub.redis.Outage;
import dev.pubsub.redis.internal.SafeText;
import org.jspecify.annotations.Nullable;

/**
 * Something that fails at the moment, with control characters escaped.
 *
 * @param activity what is tried
 * @param since when it began
 * @param command the command that fails, {@code null} where it is none
 * @param key its key, {@code null} where it has none
 * @param reason why it fails
 * @since 0.1.0
 */
public record OutageStatus(String activity, Instant since, @Nullable String command, @Nullable String key,
		String reason) {

	/**
	 * Return the status of an outage.
	 * @param outage the outage
	 * @return its status
	 */
	public static OutageStatus of(Outage outage) {
		String key = outage.getKey();
		return new OutageStatus(SafeText.of(outage.getActivity()), outage.getSince(), outage.getCommand(),
				(key != null) ? SafeText.of(key) : null, outage.getReason());
	}

}
