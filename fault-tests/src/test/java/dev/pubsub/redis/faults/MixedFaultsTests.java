package dev.pubsub.redis.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import dev.pubsub.redis.test.FaultProxy.Mode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * All faults in random order, under load. The seed says which: {@code -Dfaults.seed=…}
 * repeats a run.
 */
@Tag("faults")
class MixedFaultsTests {

	private static final int NODES = 3;

	private static final int MOST_IN_FLIGHT = NODES * (10 + 32);

	private final long seed = Long.getLong("faults.seed", FaultBench.isShort() ? 42 : System.nanoTime());

	private final Random random = new Random(this.seed);

	private final List<NodeProcess> consumers = new ArrayList<>();

	private final List<String> faults = new ArrayList<>();

	@Test
	void anyFaultAtAnyTime() {
		System.out.println("MIX seed=" + this.seed);
		try (FaultBench bench = FaultBench.start("--appendonly", "yes", "--appendfsync", "always")
			.configure("read-count", 32)
			.configure("retries", 10)) {
			this.consumers.addAll(bench.consumers(NODES));
			NodeProcess producer = bench.producer(
					Arguments.none().with("count", 1_000_000).with("rate", 150).with("ms", 10).with("fail-every", 200))
				.awaitReady();
			long end = System.nanoTime() + Duration.ofSeconds(FaultBench.size(180, 45)).toNanos();
			while (System.nanoTime() < end) {
				FaultBench.pass(Duration.ofMillis(500 + this.random.nextInt(2000)));
				strike(bench);
			}
			FaultBench.pass(Duration.ofSeconds(1));
			producer.kill();
			bench.awaitSettled(Duration.ofSeconds(90));

			FaultReport report = new FaultReport("MIX", bench);
			long toldToFail = report.ledger()
				.entries("FAIL")
				.filter((failure) -> failure.detail().equals(IllegalStateException.class.getSimpleName()))
				.map(Journal.Entry::id)
				.distinct()
				.count();
			report.value("seed", this.seed)
				.value("faults", this.faults.size())
				.maxAttempts(11)
				.duplicatesAtMost(this.faults.size() * MOST_IN_FLIGHT)
				.require(report.ledger().dead() <= toldToFail, "what does not fail is dead");
			System.out.println("MIX " + String.join(" ", this.faults));
			report.check();
		}
	}

	private void strike(FaultBench bench) {
		int kind = this.random.nextInt(11);
		Duration time = Duration.ofMillis(500 + this.random.nextInt(9000));
		NodeProcess victim = this.consumers.get(this.random.nextInt(NODES));
		switch (kind) {
			case 0 -> replace("kill", victim, bench, victim::kill);
			case 1 -> replace("stop", victim, bench, victim::stop);
			case 2 -> during("freezeConsumer", time, victim::freeze, victim::resume);
			case 3 -> during("freezeServer", time, bench.server()::freeze, bench.server()::resume);
			case 4 -> during("serverDown", time.dividedBy(3), bench.server()::kill, bench.server()::restart);
			case 5 -> now("cut", bench.proxy()::cut);
			case 6 -> during("blackhole", time, () -> bench.proxy().mode(Mode.BLACKHOLE),
					() -> bench.proxy().mode(Mode.NORMAL));
			case 7 -> during("refuse", time.dividedBy(2), () -> bench.proxy().mode(Mode.REFUSE),
					() -> bench.proxy().mode(Mode.NORMAL));
			case 8 -> during("swallow", time.dividedBy(3), () -> bench.proxy().mode(Mode.SWALLOW_REPLIES), () -> {
				bench.proxy().mode(Mode.NORMAL);
				bench.proxy().cut();
			});
			case 9 ->
				during("refuseWrites", time, () -> bench.redis().execute("CONFIG", "SET", "min-replicas-to-write", "1"),
						() -> bench.redis().execute("CONFIG", "SET", "min-replicas-to-write", "0"));
			default ->
				now("killClients", () -> bench.redis().execute("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"));
		}
	}

	private void replace(String name, NodeProcess victim, FaultBench bench, Runnable ending) {
		this.consumers.set(this.consumers.indexOf(victim), bench.consumer());
		now(name, ending);
	}

	private void during(String name, Duration time, Runnable begin, Runnable end) {
		now(name + ":" + time.toMillis(), begin);
		FaultBench.pass(time);
		end.run();
	}

	private void now(String name, Runnable action) {
		this.faults.add(name);
		action.run();
	}

}
