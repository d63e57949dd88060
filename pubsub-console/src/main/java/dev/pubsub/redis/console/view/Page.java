package dev.pubsub.redis.console.view;

import java.util.List;
import java.util.function.Function;

import dev.pubsub.redis.console.http.Parameters;

/**
 * A page of a list that is in memory.
 *
 * @param <T> type of the items
 * @param items the items of this page
 * @param page number of the page, the first is 1
 * @param size most items of a page
 * @param total number of items of all pages
 */
record Page<T>(List<T> items, int page, int size, int total) {

	private static final int DEFAULT_SIZE = 25;

	private static final int MOST_SIZE = 100;

	/**
	 * Return the page that a request asks for, of which alone the items are made.
	 */
	static <S, T> Page<T> of(List<S> all, Parameters parameters, Function<S, T> item) {
		int size = parameters.number("size", DEFAULT_SIZE, 1, MOST_SIZE);
		int last = Math.max(1, (all.size() + size - 1) / size);
		int page = Math.min(last, parameters.number("page", 1, 1, Integer.MAX_VALUE));
		List<S> items = all.subList((page - 1) * size, Math.min(all.size(), page * size));
		return new Page<>(items.stream().map(item).toList(), page, size, all.size());
	}

	/**
	 * Return this page with what was found out about its items.
	 */
	<R> Page<R> with(List<R> items) {
		return new Page<>(items, this.page, this.size, this.total);
	}

}
