package dev.pubsub.redis.operations;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Some items of a list.
 *
 * @param <T> type of the items
 * @param items the items
 * @param next for {@link PageRequest#withAfter}, {@code null} on the last page
 * @since 0.1.0
 */
public record Page<T>(List<T> items, @Nullable String next) {

	public Page {
		items = List.copyOf(items);
	}

}
