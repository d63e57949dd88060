package dev.pubsub.redis.faults;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Proves from journals that the handlers of each key took turns, in the order of the
 * stream. All processes of a run share one clock: on Linux, {@link System#nanoTime()} is
 * CLOCK_MONOTONIC, which counts from the start of the machine.
 */
final class OrderProof {

	private final Map<String, List<String>> ids = new HashMap<>();

	private final Map<String, List<Run>> runs = new HashMap<>();

	private final Map<String, Long> firstSuccess = new HashMap<>();

	private final List<String> violations = new ArrayList<>();

	private int overlaps;

	/**
	 * Create a proof.
	 * @param keys key of each message, in the order of their streams
	 * @param entries everything that the processes wrote down
	 * @param ended when processes ended that left handlers behind
	 * @param frozen processes that stood still for longer than their lease
	 */
	OrderProof(Map<String, String> keys, List<Journal.Entry> entries, Map<String, Long> ended, List<String> frozen) {
		keys.forEach((id, key) -> this.ids.computeIfAbsent(key, (any) -> new ArrayList<>()).add(id));
		Map<String, Run> running = new HashMap<>();
		for (Journal.Entry entry : entries) {
			String attempt = entry.process() + " " + entry.id() + " " + entry.attempt();
			switch (entry.what()) {
				case "START" -> {
					Run run = new Run(entry, ended.getOrDefault(entry.process(), Long.MAX_VALUE));
					running.put(attempt, run);
					this.runs.computeIfAbsent(keys.get(entry.id()), (key) -> new ArrayList<>()).add(run);
				}
				case "DONE" -> {
					running.remove(attempt).end = entry.nanos();
					this.firstSuccess.merge(entry.id(), entry.nanos(), Math::min);
				}
				case "FAIL" -> running.remove(attempt).end = entry.nanos();
				default -> {
					// Says nothing about handlers.
				}
			}
		}
		this.ids.forEach((key, ofKey) -> {
			List<Run> started = this.runs.getOrDefault(key, new ArrayList<>());
			checkOrder(ofKey, started);
			checkTurns(started, frozen);
		});
	}

	/**
	 * No message starts before all messages of its key that precede it were handled.
	 */
	private void checkOrder(List<String> ofKey, List<Run> started) {
		Map<String, Long> firstStart = new HashMap<>();
		for (Run run : started) {
			firstStart.merge(run.id(), run.start(), Math::min);
		}
		String before = "";
		long handled = Long.MIN_VALUE;
		for (String id : ofKey) {
			if (firstStart.getOrDefault(id, Long.MAX_VALUE) < handled) {
				this.violations.add(id + " started before " + before + " of its key was handled");
			}
			long success = this.firstSuccess.getOrDefault(id, Long.MAX_VALUE);
			if (success > handled) {
				handled = success;
				before = id;
			}
		}
	}

	private void checkTurns(List<Run> ofKey, List<String> frozen) {
		ofKey.sort(Comparator.comparingLong(Run::start));
		List<Run> open = new ArrayList<>();
		for (Run run : ofKey) {
			open.removeIf((other) -> other.end <= run.start());
			for (Run other : open) {
				this.overlaps++;
				Run older = (other.token() < run.token()) ? other : run;
				if (other.token() == run.token() || !frozen.contains(older.started.process())) {
					this.violations.add(run + " while " + other);
				}
			}
			open.add(run);
		}
	}

	int keys() {
		return this.ids.size();
	}

	/**
	 * Return how often two handlers of one key ran at the same time.
	 */
	int overlaps() {
		return this.overlaps;
	}

	/**
	 * Return what breaks the order, but for handlers of a frozen process with the lower
	 * token.
	 */
	List<String> violations() {
		return this.violations;
	}

	private static final class Run {

		private final Journal.Entry started;

		private long end;

		Run(Journal.Entry started, long end) {
			this.started = started;
			this.end = end;
		}

		String id() {
			return this.started.id();
		}

		long start() {
			return this.started.nanos();
		}

		long token() {
			return Long.parseLong(this.started.detail());
		}

		@Override
		public String toString() {
			return "%s of %s, attempt %d, token %d, from %.6f to %.6f".formatted(id(), this.started.process(),
					this.started.attempt(), token(), start() / 1e9, this.end / 1e9);
		}

	}

}
