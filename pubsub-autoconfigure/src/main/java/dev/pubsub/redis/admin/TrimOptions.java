package dev.pubsub.redis.admin;

import org.springframework.data.redis.connection.stream.RecordId;
import org.springframework.util.Assert;

/**
 * What to keep of a stream. Trimming takes entries away whether or not they were read or
 * acknowledged. Immutable.
 *
 * @since 0.1.0
 */
public final class TrimOptions {

	private final String strategy;

	private final String threshold;

	private final boolean approximate;

	private TrimOptions(String strategy, String threshold, boolean approximate) {
		this.strategy = strategy;
		this.threshold = threshold;
		this.approximate = approximate;
	}

	/**
	 * Return options that keep the newest entries, exactly as many as given.
	 * @param maxLength how many to keep, zero or more
	 * @return the options
	 */
	public static TrimOptions maxLength(long maxLength) {
		Assert.isTrue(maxLength >= 0, () -> "'maxLength' must be zero or more, was " + maxLength);
		return new TrimOptions("MAXLEN", Long.toString(maxLength), false);
	}

	/**
	 * Return options that keep the entries from the given id on.
	 * @param minId lowest id to keep
	 * @return the options
	 */
	public static TrimOptions minId(RecordId minId) {
		return new TrimOptions("MINID", minId.getValue(), false);
	}

	/**
	 * Return a copy that may leave a few more entries, which is much cheaper.
	 * @param approximate whether it may
	 * @return the copy
	 */
	public TrimOptions withApproximate(boolean approximate) {
		return new TrimOptions(this.strategy, this.threshold, approximate);
	}

	Object[] arguments() {
		return new Object[] { this.strategy, this.approximate ? "~" : "=", this.threshold };
	}

}
