package dev.pubsub.redis.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Assertions;

/**
 * The result of one fault: a line on the standard output, and a failed test where a bar
 * was missed. Nothing may be lost, and no invariant broken, whatever the fault.
 */
final class FaultReport {

	private final String fault;

	private final FaultBench bench;

	private final Ledger ledger;

	private final Map<String, Object> values = new LinkedHashMap<>();

	private final List<String> misses = new ArrayList<>();

	private int maxAttempts = 4;

	private boolean groupLost;

	FaultReport(String fault, FaultBench bench) {
		this.fault = fault;
		this.bench = bench;
		this.ledger = bench.ledger();
		this.values.put("published", this.ledger.published());
		this.values.put("handled", this.ledger.handled());
		this.values.put("dead", this.ledger.dead());
		this.values.put("lost", this.ledger.lost().size());
		this.values.put("duplicates", this.ledger.duplicates());
		this.ledger.lost().stream().limit(5).forEach((id) -> miss("lost " + id + ": " + this.ledger.history(id)));
	}

	Ledger ledger() {
		return this.ledger;
	}

	/**
	 * Set how often one message may start, where it is not the default.
	 */
	FaultReport maxAttempts(int maxAttempts) {
		this.maxAttempts = maxAttempts;
		return this;
	}

	/**
	 * Say that the group was lost and made anew: its deliveries are counted from one
	 * again.
	 */
	FaultReport groupWasLost() {
		this.groupLost = true;
		return this;
	}

	FaultReport duplicatesAtMost(int allowed) {
		this.values.put("allowed", allowed);
		if (this.ledger.duplicates() > allowed) {
			miss("too many duplicates:");
			this.ledger.duplicated().limit(5).forEach((id) -> miss(this.ledger.history(id)));
		}
		return this;
	}

	FaultReport deadLetters(int expected) {
		require(this.ledger.dead() == expected, "expected " + expected + " dead letters");
		return this;
	}

	/**
	 * Report a time and its bar.
	 */
	FaultReport within(String name, Duration measured, Duration bar) {
		this.values.put(name, seconds(measured));
		require(measured.compareTo(bar) <= 0, name + " took longer than " + seconds(bar));
		return this;
	}

	FaultReport value(String name, Object value) {
		this.values.put(name, value);
		return this;
	}

	FaultReport require(boolean condition, String otherwise) {
		if (!condition) {
			miss(otherwise);
		}
		return this;
	}

	private void miss(String what) {
		this.misses.add(what);
	}

	/**
	 * Print the line, and fail where a bar was missed.
	 */
	void check() {
		if (!this.groupLost) {
			this.ledger.violations(this.maxAttempts).stream().limit(5).forEach(this::miss);
		}
		StringBuilder line = new StringBuilder("FAULT ").append(this.fault);
		this.values.forEach((name, value) -> line.append(' ').append(name).append('=').append(value));
		line.append(this.misses.isEmpty() ? " PASS" : " FAIL");
		System.out.println(line);
		if (!this.misses.isEmpty()) {
			this.bench.dumpLogs();
			Assertions.fail(line + "\n" + String.join("\n", this.misses));
		}
	}

	static String seconds(Duration time) {
		return "%.1fs".formatted(time.toMillis() / 1000.0);
	}

}
