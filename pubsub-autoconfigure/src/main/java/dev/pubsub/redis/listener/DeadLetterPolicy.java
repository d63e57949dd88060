package dev.pubsub.redis.listener;

import dev.pubsub.redis.internal.redis.RedisKeys;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Where messages go that are given up. Immutable.
 *
 * @since 0.1.0
 */
public final class DeadLetterPolicy {

	private static final long DEFAULT_MAX_LENGTH = 100_000;

	private static final DeadLetterPolicy DEFAULTS = new DeadLetterPolicy(true, null, ":dlq", DEFAULT_MAX_LENGTH, true,
			false);

	private final boolean enabled;

	private final @Nullable String stream;

	private final String suffix;

	private final long maxLength;

	private final boolean message;

	private final boolean stackTrace;

	private DeadLetterPolicy(boolean enabled, @Nullable String stream, String suffix, long maxLength, boolean message,
			boolean stackTrace) {
		Assert.isTrue(maxLength >= 0, () -> "'maxLength' must be zero or more, was " + maxLength);
		Assert.hasText(suffix, "'suffix' must not be empty");
		this.enabled = enabled;
		this.stream = stream;
		this.suffix = suffix;
		this.maxLength = maxLength;
		this.message = message;
		this.stackTrace = stackTrace;
	}

	/**
	 * Return the default: the stream's own name with {@code :dlq}, about 100,000 dead
	 * letters, with the messages of exceptions and without stack traces.
	 * @return the default policy
	 */
	public static DeadLetterPolicy defaults() {
		return DEFAULTS;
	}

	/**
	 * Return a policy without dead letters: what is given up is acknowledged and
	 * reported.
	 * @return the policy
	 */
	public static DeadLetterPolicy none() {
		return new DeadLetterPolicy(false, null, ":dlq", 0, true, false);
	}

	/**
	 * Return a copy that uses the given stream.
	 * @param stream key of the dead-letter stream; in a cluster it must be in the slot of
	 * the stream
	 * @return the copy
	 */
	public DeadLetterPolicy withStream(String stream) {
		return new DeadLetterPolicy(this.enabled, stream, this.suffix, this.maxLength, this.message, this.stackTrace);
	}

	/**
	 * Return the dead-letter stream of a stream.
	 * @param source key of the stream
	 * @return its key, {@code null} for none
	 */
	@Nullable String target(String source) {
		if (!this.enabled) {
			return null;
		}
		return (this.stream != null) ? this.stream : RedisKeys.beside(source, this.suffix);
	}

	public DeadLetterPolicy withSuffix(String suffix) {
		return new DeadLetterPolicy(this.enabled, this.stream, suffix, this.maxLength, this.message, this.stackTrace);
	}

	/**
	 * Return a copy with a limit.
	 * @param maxLength how many dead letters to keep, about; 0 for all
	 * @return the copy
	 */
	public DeadLetterPolicy withMaxLength(long maxLength) {
		return new DeadLetterPolicy(this.enabled, this.stream, this.suffix, maxLength, this.message, this.stackTrace);
	}

	/**
	 * Return a copy that writes the messages of the application's exceptions into dead
	 * letters, or not. Those of the library's own exceptions contain no values and are
	 * always written.
	 * @param message whether to write them; they may contain confidential values
	 * @return the copy
	 */
	public DeadLetterPolicy withMessage(boolean message) {
		return new DeadLetterPolicy(this.enabled, this.stream, this.suffix, this.maxLength, message, this.stackTrace);
	}

	/**
	 * Return a copy that writes stack traces into dead letters, or not.
	 * @param stackTrace whether to write them; they may contain confidential values
	 * @return the copy
	 */
	public DeadLetterPolicy withStackTrace(boolean stackTrace) {
		return new DeadLetterPolicy(this.enabled, this.stream, this.suffix, this.maxLength, this.message, stackTrace);
	}

	public boolean isEnabled() {
		return this.enabled;
	}

	public @Nullable String stream() {
		return this.stream;
	}

	public String suffix() {
		return this.suffix;
	}

	public long maxLength() {
		return this.maxLength;
	}

	public boolean message() {
		return this.message;
	}

	public boolean stackTrace() {
		return this.stackTrace;
	}

}
