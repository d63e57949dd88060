package dev.pubsub.redis.admin;

import java.util.ArrayList;
import java.util.List;

import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.LargestEntry;
import dev.pubsub.redis.internal.redis.StreamEntry;
import org.jspecify.annotations.Nullable;

/**
 * Reads entries in several steps, so that large ones occupy neither Redis nor this
 * process: a step asks for as many as will fit, as far as those before tell.
 */
final class Pages {

	/**
	 * How much memory the entries of one page may take, the first aside.
	 */
	static final long MOST_BYTES = Math.min(8 * 1024 * 1024, LargestEntry.BYTES);

	private static final int FIRST_STEP = 16;

	private final Step step;

	Pages(Step step) {
		this.step = step;
	}

	/**
	 * Read a page.
	 * @param count most entries
	 * @return the entries, fewer where they are large
	 */
	List<StreamEntry> read(int count) {
		List<StreamEntry> page = new ArrayList<>();
		long bytes = 0;
		int wanted = Math.min(count, FIRST_STEP);
		while (wanted > 0) {
			EntryId last = page.isEmpty() ? null : page.get(page.size() - 1).id();
			List<StreamEntry> entries = this.step.read(last, wanted, MOST_BYTES - bytes);
			for (StreamEntry entry : entries) {
				bytes += entry.bytes();
				if (entry.isLeftOut() || (bytes > MOST_BYTES && !page.isEmpty())) {
					return page;
				}
				page.add(entry);
			}
			long fitting = page.isEmpty() ? 0 : (MOST_BYTES - bytes) / Math.max(1, bytes / page.size());
			wanted = (entries.size() < wanted) ? 0 : (int) Math.min(count - page.size(), fitting);
		}
		return page;
	}

	/**
	 * Reads entries.
	 */
	@FunctionalInterface
	interface Step {

		/**
		 * Read entries.
		 * @param after go on behind this id; {@code null} to begin
		 * @param count most entries
		 * @param mostBytes how much memory they may take, the first aside
		 * @return the entries
		 */
		List<StreamEntry> read(@Nullable EntryId after, int count, long mostBytes);

	}

}
