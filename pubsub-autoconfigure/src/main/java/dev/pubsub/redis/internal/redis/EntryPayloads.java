package dev.pubsub.redis.internal.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Payloads of entries that a script gives out without them. They never change, so it does
 * not matter which the server does first.
 */
final class EntryPayloads {

	private final StreamCommands commands;

	private final String stream;

	EntryPayloads(RedisLink link, String stream) {
		this.commands = new StreamCommands(link);
		this.stream = stream;
	}

	/**
	 * Get each with a command of its own.
	 * @param ids ids of the entries
	 * @param taken what the script said of them, in the same order
	 * @return the same with payloads, in the same order
	 */
	CompletableFuture<List<TakenEntry>> oneByOne(List<EntryId> ids, List<TakenEntry> taken) {
		CompletableFuture<List<TakenEntry>> all = CompletableFuture.completedFuture(new ArrayList<>());
		for (int i = 0; i < ids.size(); i++) {
			TakenEntry one = taken.get(i);
			String id = ids.get(i).toString();
			CompletableFuture<TakenEntry> complete = (one.pending() == null) ? CompletableFuture.completedFuture(one)
					: this.commands.range(this.stream, id, id, 1)
						.thenApply((found) -> one.with(found.isEmpty() ? null : found.get(0)));
			all = all.thenCombine(complete, (before, next) -> {
				before.add(next);
				return before;
			});
		}
		return all;
	}

	/**
	 * Get those of many with one command, and others that lie between them. There may be
	 * too many of these for all to come.
	 * @param ids ids of the entries in ascending order
	 * @param mostBytes how much memory they may take; of further ones only the ids come
	 * @return what was found, in order; nothing where the server refuses
	 */
	CompletableFuture<List<StreamEntry>> together(List<EntryId> ids, long mostBytes) {
		String first = ids.get(0).toString();
		String last = ids.get(ids.size() - 1).toString();
		return this.commands.range(this.stream, first, last, 2 * ids.size(), mostBytes)
			.exceptionally((failure) -> List.of());
	}

}
