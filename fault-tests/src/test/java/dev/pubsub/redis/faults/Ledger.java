package dev.pubsub.redis.faults;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The accounts of a run: what was published, started, done, failed and given up, by id.
 */
final class Ledger {

	private final List<Journal.Entry> entries;

	private final Set<String> published;

	private final Map<String, Integer> dead;

	private final Map<String, List<Journal.Entry>> starts = new HashMap<>();

	private final Map<String, Integer> fails = new HashMap<>();

	private final Set<String> givenBack = new HashSet<>();

	private final Set<String> done = new HashSet<>();

	/**
	 * Create a ledger.
	 * @param entries everything that the processes wrote down
	 * @param published ids that Redis confirmed
	 * @param dead ids of dead letters, and how often each is there
	 */
	Ledger(List<Journal.Entry> entries, Set<String> published, Map<String, Integer> dead) {
		this.entries = entries;
		this.published = published;
		this.dead = dead;
		for (Journal.Entry entry : entries) {
			switch (entry.what()) {
				case "START" -> this.starts.computeIfAbsent(entry.id(), (id) -> new ArrayList<>()).add(entry);
				case "DONE" -> this.done.add(entry.id());
				case "RELEASED" -> this.givenBack.add(attempt(entry));
				case "FAIL" -> {
					// What was interrupted has lost its lease: the next start is a
					// duplicate.
					if (!entry.detail().equals("InterruptedException")) {
						this.fails.merge(entry.id(), 1, Integer::sum);
					}
				}
				default -> {
					// Not an account.
				}
			}
		}
	}

	int published() {
		return this.published.size();
	}

	int handled() {
		return this.done.size();
	}

	Set<String> done() {
		return this.done;
	}

	int dead() {
		return this.dead.size();
	}

	Map<String, Integer> deadLetters() {
		return this.dead;
	}

	/**
	 * Return what Redis confirmed and nobody finished.
	 */
	Set<String> lost() {
		Set<String> reported = idsOf("PAYLOAD_LOST");
		return this.published.stream()
			.filter((id) -> !this.done.contains(id) && !this.dead.containsKey(id) && !reported.contains(id))
			.collect(Collectors.toSet());
	}

	/**
	 * Return how many starts there were beyond the first, except those that follow a
	 * failure, or an attempt that was given back.
	 */
	int duplicates() {
		return this.starts.keySet().stream().mapToInt(this::duplicates).sum();
	}

	/**
	 * Return the messages that such starts belong to.
	 */
	Stream<String> duplicated() {
		return this.starts.keySet().stream().filter((id) -> duplicates(id) > 0);
	}

	private int duplicates(String id) {
		long ended = this.starts.get(id).stream().filter(this::isGivenBack).count();
		return Math.max(0, starts(id) - 1 - fails(id) - (int) ended);
	}

	int starts(String id) {
		return this.starts.getOrDefault(id, List.of()).size();
	}

	int fails(String id) {
		return this.fails.getOrDefault(id, 0);
	}

	Stream<Journal.Entry> entries(String what) {
		return this.entries.stream().filter((entry) -> entry.what().equals(what));
	}

	Set<String> idsOf(String what) {
		return entries(what).map(Journal.Entry::id).collect(Collectors.toSet());
	}

	/**
	 * Return what breaks an invariant, whatever the fault: two starts of one delivery
	 * (I2), more starts than attempts or two dead letters of one message (I4).
	 * @param maxAttempts most starts that may follow a failure
	 */
	List<String> violations(int maxAttempts) {
		List<String> violations = new ArrayList<>();
		this.starts.forEach((id, started) -> {
			Set<Integer> attempts = new HashSet<>();
			int counted = 0;
			for (Journal.Entry start : started) {
				if (isGivenBack(start)) {
					continue;
				}
				counted++;
				if (!attempts.add(start.attempt())) {
					violations.add("I2: " + id + " started twice as attempt " + start.attempt() + ": " + history(id));
				}
			}
			if (counted > maxAttempts) {
				violations.add("I4: " + id + " started " + counted + " times: " + history(id));
			}
		});
		this.dead.forEach((id, times) -> {
			if (times > 1) {
				violations.add("I4: " + id + " has " + times + " dead letters: " + history(id));
			}
		});
		return violations;
	}

	/**
	 * Return whether a stop ended an attempt, and it was given back.
	 */
	private boolean isGivenBack(Journal.Entry start) {
		return this.givenBack.contains(attempt(start));
	}

	private static String attempt(Journal.Entry entry) {
		return entry.process() + " " + entry.id() + " " + entry.attempt();
	}

	String history(String id) {
		return this.entries.stream()
			.filter((entry) -> entry.id().equals(id))
			.sorted((one, other) -> Long.compare(one.nanos(), other.nanos()))
			.map((entry) -> "%.3f %s %s %d".formatted(entry.nanos() / 1e9, entry.process(), entry.what(),
					entry.attempt()))
			.collect(Collectors.joining("; "));
	}

}
