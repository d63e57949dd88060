package dev.pubsub.redis.operations;

import org.jspecify.annotations.Nullable;

/**
 * Which page of a list. Immutable.
 *
 * @since 0.1.0
 */
public final class PageRequest {

	/**
	 * Most items of a page.
	 */
	public static final int MOST = 200;

	private static final int DEFAULT = 50;

	private static final PageRequest FIRST = new PageRequest(DEFAULT, null);

	private final int limit;

	private final @Nullable String after;

	private PageRequest(int limit, @Nullable String after) {
		if (limit < 1 || limit > MOST) {
			throw OperationException.invalid("'limit' must be 1 to " + MOST + ", was " + limit);
		}
		this.limit = limit;
		this.after = after;
	}

	/**
	 * Return the first page, of 50 items.
	 * @return the request
	 */
	public static PageRequest first() {
		return FIRST;
	}

	/**
	 * Return a copy with another size.
	 * @param limit most items, 1 to {@value #MOST}
	 * @return the copy
	 * @throws OperationException if it is out of range
	 */
	public PageRequest withLimit(int limit) {
		return new PageRequest(limit, this.after);
	}

	/**
	 * Return a copy for a later page.
	 * @param after the {@link Page#next()} of the page before, {@code null} for the first
	 * @return the copy
	 */
	public PageRequest withAfter(@Nullable String after) {
		return new PageRequest(this.limit, after);
	}

	public int limit() {
		return this.limit;
	}

	public @Nullable String after() {
		return this.after;
	}

}
