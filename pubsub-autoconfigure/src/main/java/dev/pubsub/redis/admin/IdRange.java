package dev.pubsub.redis.admin;

import java.time.Instant;

import org.springframework.data.redis.connection.stream.RecordId;

/**
 * A range of entry ids, both ends included. Immutable.
 *
 * @since 0.1.0
 */
public final class IdRange {

	static final String HIGHEST = "18446744073709551615-18446744073709551615";

	private static final String LOWEST = "0-0";

	private static final IdRange ALL = new IdRange("-", "+");

	private static final IdRange NONE = new IdRange("+", "-");

	private final String from;

	private final String to;

	private IdRange(String from, String to) {
		this.from = from;
		this.to = to;
	}

	/**
	 * Return the range of all ids.
	 * @return the range
	 */
	public static IdRange all() {
		return ALL;
	}

	/**
	 * Return the ids between two, both included.
	 * @param from lowest id
	 * @param to highest id
	 * @return the range
	 */
	public static IdRange of(RecordId from, RecordId to) {
		return new IdRange(from.getValue(), to.getValue());
	}

	/**
	 * Return the ids that Redis gave in a period.
	 * @param from begin, to the millisecond
	 * @param to end, to the millisecond
	 * @return the range
	 */
	public static IdRange of(Instant from, Instant to) {
		return new IdRange(millis(from), millis(to));
	}

	/**
	 * Return a copy that starts with another id.
	 * @param from lowest id, included
	 * @return the copy
	 */
	public IdRange withFrom(RecordId from) {
		return new IdRange(from.getValue(), this.to);
	}

	/**
	 * Return a copy that starts with another time.
	 * @param from begin, to the millisecond
	 * @return the copy
	 */
	public IdRange withFrom(Instant from) {
		return new IdRange(millis(from), this.to);
	}

	/**
	 * Return a copy that starts after the given id.
	 * @param id the last id to leave out
	 * @return the copy
	 */
	public IdRange withFromAfter(RecordId id) {
		// Redis refuses what is behind the last id there can be.
		return HIGHEST.equals(id.getValue()) ? NONE : new IdRange("(" + id.getValue(), this.to);
	}

	/**
	 * Return a copy that ends before the given id.
	 * @param id the first id to leave out
	 * @return the copy
	 */
	public IdRange withToBefore(RecordId id) {
		return LOWEST.equals(id.getValue()) ? NONE : new IdRange(this.from, "(" + id.getValue());
	}

	/**
	 * Return a copy that ends with another id.
	 * @param to highest id, included
	 * @return the copy
	 */
	public IdRange withTo(RecordId to) {
		return new IdRange(this.from, to.getValue());
	}

	/**
	 * Return a copy that ends with another time.
	 * @param to end, to the millisecond
	 * @return the copy
	 */
	public IdRange withTo(Instant to) {
		return new IdRange(this.from, millis(to));
	}

	/**
	 * Redis knows no time before 1970, and none beyond the milliseconds of a long.
	 */
	private static String millis(Instant instant) {
		if (instant.isBefore(Instant.EPOCH)) {
			return "0";
		}
		Instant last = Instant.ofEpochMilli(Long.MAX_VALUE);
		return Long.toString((instant.isBefore(last) ? instant : last).toEpochMilli());
	}

	String from() {
		return this.from;
	}

	String to() {
		return this.to;
	}

	@Override
	public String toString() {
		return this.from + " to " + this.to;
	}

}
