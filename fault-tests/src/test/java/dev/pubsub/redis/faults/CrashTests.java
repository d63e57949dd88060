package dev.pubsub.redis.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Consumers that end.
 */
@Tag("faults")
class CrashTests {

	private static final int THREADS = 10;

	private static final int READ_COUNT = 32;

	@Test
	void t1ConsumersAreKilled() {
		try (FaultBench bench = FaultBench.start()) {
			bench.configure("threads", THREADS).configure("read-count", READ_COUNT);
			List<NodeProcess> consumers = new ArrayList<>(bench.consumers(3));
			int kills = FaultBench.size(20, 4);
			int rate = FaultBench.size(800, 400);
			int seconds = (kills + 1) * 3;
			NodeProcess producer = bench
				.producer(Arguments.none().with("count", rate * seconds).with("rate", rate).with("ms", 5))
				.awaitReady();
			Random random = new Random(1);
			long lastKill = 0;
			for (int i = 0; i < kills; i++) {
				FaultBench.pass(Duration.ofSeconds(3));
				int victim = random.nextInt(consumers.size());
				consumers.get(victim).kill();
				lastKill = System.nanoTime();
				consumers.set(victim, bench.consumer());
			}
			producer.awaitExit();
			bench.awaitSettled(Duration.ofSeconds(60));

			FaultReport report = new FaultReport("T1", bench);
			long lastKilled = lastKill;
			long lastRedelivery = report.ledger()
				.entries("START")
				.filter((start) -> start.attempt() > 1)
				.mapToLong(Journal.Entry::nanos)
				.max()
				.orElse(lastKilled);
			report.value("kills", kills)
				.duplicatesAtMost(kills * (THREADS + READ_COUNT + READ_COUNT))
				.deadLetters(0)
				.maxAttempts(4)
				.within("recovery", Duration.ofNanos(Math.max(0, lastRedelivery - lastKilled)),
						FaultBench.LEASE.plus(FaultBench.LEASE.dividedBy(6)).plus(Duration.ofMillis(1250 + 2000)))
				.check();
		}
	}

}
