package dev.pubsub.redis.operations;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * Cuts pages out of lists that are in memory, or that were asked for with one item more
 * than the page has.
 */
final class Listing {

	private Listing() {
	}

	/**
	 * Cut a page out of a whole list.
	 * @param all the items, in any order
	 * @param key what they are ordered by, unique
	 * @param request which page
	 */
	static <T> Page<T> of(List<T> all, Function<T, String> key, PageRequest request) {
		String after = request.after();
		List<T> rest = all.stream()
			.filter((item) -> after == null || key.apply(item).compareTo(after) > 0)
			.sorted(Comparator.comparing(key))
			.limit(request.limit() + 1L)
			.toList();
		return page(rest, key, request);
	}

	/**
	 * Cut a page out of the beginning of a list.
	 * @param rest items from the beginning of the page on, one more than it has if there
	 * are
	 */
	static <T> Page<T> page(List<T> rest, Function<T, String> key, PageRequest request) {
		if (rest.size() <= request.limit()) {
			return new Page<>(rest, null);
		}
		List<T> items = rest.subList(0, request.limit());
		return new Page<>(items, key.apply(items.get(items.size() - 1)));
	}

	static <T, R> Page<R> map(Page<T> page, Function<T, R> mapping) {
		List<R> items = new ArrayList<>();
		page.items().forEach((item) -> items.add(Objects.requireNonNull(mapping.apply(item))));
		return new Page<>(items, page.next());
	}

}
