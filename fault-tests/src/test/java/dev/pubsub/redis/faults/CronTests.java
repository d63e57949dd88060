package dev.pubsub.redis.faults;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

/**
 * Cron jobs of processes whose clocks differ, and that end.
 */
class CronTests {

	@Test
	void t22ClocksDifferAndANodeIsKilled() {
		try (FaultBench bench = FaultBench.start()) {
			int fires = FaultBench.size(60, 15);
			List<NodeProcess> nodes = List.of(bench.cron(-5), bench.cron(0), bench.cron(5));
			nodes.forEach(NodeProcess::awaitReady);
			long seed = System.nanoTime();
			Random random = new Random(seed);
			long killAt = 1 + random.nextInt(fires - 5);
			int victim = random.nextInt(nodes.size());
			FaultBench.await(Duration.ofSeconds(60 + 2L * fires), () -> fireTimes(bench).size() >= killAt);
			nodes.get(victim).kill();
			FaultBench.await(Duration.ofSeconds(60 + 2L * fires), () -> fireTimes(bench).size() >= fires);

			List<Instant> instants = fireTimes(bench);
			long wrong = 0;
			for (int i = 1; i < instants.size(); i++) {
				wrong += instants.get(i).equals(instants.get(i - 1).plusSeconds(1)) ? 0 : 1;
			}
			new FaultReport("T22", bench).value("fires", instants.size())
				.value("wrong", wrong)
				.value("seed", seed)
				.value("killed", nodes.get(victim).name() + " at " + killAt)
				.require(wrong == 0, "an instant is missing, doubled or out of order: " + instants)
				.require(bench.count("MISSED") == 0, "a fire time was missed")
				.check();
		}
	}

	private static List<Instant> fireTimes(FaultBench bench) {
		List<Instant> instants = new ArrayList<>();
		for (Object entry : bench.redis().executeForList("XRANGE", FaultBench.STREAM, "-", "+")) {
			List<?> fields = (List<?>) ((List<?>) entry).get(1);
			instants.add(Instant.parse((String) fields.get(fields.indexOf("__H_fire-time") + 1)));
		}
		return instants;
	}

}
