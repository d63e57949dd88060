package dev.pubsub.redis.internal.delivery;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.pubsub.redis.test.virtual.VirtualTimeLoader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Hunts for interleavings that break the guarantees: several nodes with the real engine
 * on one group in memory, in virtual time. {@code -Dpubsub.simulation.seed=…} begins with
 * another seed, {@code -Dpubsub.simulation.seeds=…} says how many to try.
 */
class SimulationTests {

	private static final int SEEDS_FOR_A_DEFECT = 300;

	private static final int SEEDS_WITH_ERRORS = 20;

	private static final Logger LOGGER = (Logger) LoggerFactory.getLogger("dev.pubsub.redis");

	private final @Nullable Level level = LOGGER.getLevel();

	@BeforeEach
	void logNothing() {
		LOGGER.setLevel(Level.OFF);
	}

	@AfterEach
	void logAgain() {
		LOGGER.setLevel(this.level);
	}

	@Test
	void keepsTheGuaranteesWhateverHappens() throws Exception {
		long first = Long.getLong("pubsub.simulation.seed", 1);
		long count = Long.getLong("pubsub.simulation.seeds", 1000);
		Method run = method(loader(Map.of()), "run", long.class, long[].class);
		AtomicLong next = new AtomicLong(first);
		AtomicLong total = new AtomicLong();
		Callable<@Nullable Object> worker = () -> {
			Object failure = null;
			for (long seed = next.getAndIncrement(); seed < first + count
					&& failure == null; seed = next.getAndIncrement()) {
				long[] steps = new long[1];
				failure = run.invoke(null, seed, steps);
				total.addAndGet(steps[0]);
			}
			return failure;
		};

		for (Object failure : inParallel(worker)) {
			assertThat(failure).isNull();
		}

		LOGGER.setLevel(this.level);
		LOGGER.info("Simulated {} steps of {} seeds", total, count);
		if (count >= 1000) {
			assertThat(total.get()).isGreaterThan(1_000_000);
		}
	}

	@ParameterizedTest
	@MethodSource("defects")
	void findsADefect(String defect, Map<String, String> changes) throws Exception {
		VirtualTimeLoader loader = loader(changes);
		Method find = method(loader, "find", long.class, String.class);

		Object found = null;
		for (long seed = 1; seed <= SEEDS_FOR_A_DEFECT && found == null; seed++) {
			found = find.invoke(null, seed, defect);
		}

		assertThat(loader.changed()).as("what was broken: there is another way to break it")
			.isEqualTo(changes.keySet());
		assertThat(found).as("what is violated within %d seeds", SEEDS_FOR_A_DEFECT).isNotNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "Workers#workOn", "Workers#workOnce", "Workers#leave", "Workers#help",
			"WaitingMessages#take", "WaitingMessages#add", "WaitingMessages#addRedelivered", "HandlerInvocation#handle",
			"HandlerInvocation#settle", "DeadlineWatch#watch", "DeadlineWatch#sweep", "AckBatcher#add",
			"AckBatcher#sendNext", "AckBatcher$Batch#add", "AckBatcher$Batch#send", "AckBatcher$Batch#confirmed",
			"AckBatcher$Batch#ended", "BackoffMessages#add", "BackoffMessages$BackOff#send",
			"BackoffMessages$BackOff#handBack", "BackoffMessages$BackOff#confirmed", "BackoffMessages$BackOff#refused",
			"BackoffMessages$BackOff#timeIsUp", "DeadLetters#move", "DeadLetters$Letter#send",
			"DeadLetters$Letter#confirmed", "HandBack#release", "HandBack$Release#send", "HandBack$Release#confirmed",
			"Settler#owe", "Settler#send", "Settler#answered", "Settler#later", "Settler#end", "Settler#takeDue",
			"Settler#sendDue", "Settler#failed", "Confirmations#refused", "Confirmations#confirmed",
			"Confirmations#ended", "PollLoop#turn", "PollLoop#failed", "NewEntries#accept", "LostDeliveries#find",
			"ClaimScheduler#tick", "ClaimScheduler#run", "Takeover#claim", "LeaseKeeper#renewInTurn",
			"LeaseKeeper#renewed", "StreamConsumer#lookForUnread", "ConsumerReaper#reap" })
	void goesOnAfterErrors(String method) throws Exception {
		Map<String, String> changes = Map.of("dev.pubsub.redis.internal.delivery." + method, "error");
		VirtualTimeLoader loader = loader(changes);
		Method run = method(loader, "run", long.class, long[].class);

		for (long seed = 1; seed <= SEEDS_WITH_ERRORS; seed++) {
			assertThat(run.invoke(null, seed, new long[1])).isNull();
		}

		assertThat(loader.changed()).as("what was broken").isEqualTo(changes.keySet());
	}

	@SuppressWarnings("unchecked")
	static Stream<Object[]> defects() throws Exception {
		Method mutations = method(loader(Map.of()), "mutations");
		return ((Map<String, Map<String, String>>) mutations.invoke(null)).entrySet()
			.stream()
			.map((defect) -> new Object[] { defect.getKey(), defect.getValue() });
	}

	@Test
	void runsTheSameForTheSameSeed() throws Exception {
		Method trace = method(loader(Map.of()), "trace", long.class);

		for (long seed = 1; seed <= 5; seed++) {
			assertThat(trace.invoke(null, seed)).isEqualTo(trace.invoke(null, seed)).isNotEqualTo("");
		}
	}

	private static VirtualTimeLoader loader(Map<String, String> changes) {
		return new VirtualTimeLoader(SimulationTests.class.getClassLoader(), changes);
	}

	/**
	 * Return a method of {@link SimulationRuns}, of the class that runs in virtual time.
	 */
	private static Method method(ClassLoader loader, String name, Class<?>... parameters) throws Exception {
		return loader.loadClass("dev.pubsub.redis.internal.delivery.SimulationRuns").getMethod(name, parameters);
	}

	private static List<@Nullable Object> inParallel(Callable<@Nullable Object> worker) throws Exception {
		int workers = Math.min(4, Runtime.getRuntime().availableProcessors());
		ExecutorService threads = Executors.newFixedThreadPool(workers);
		try {
			List<Future<@Nullable Object>> results = Stream.generate(() -> threads.submit(worker))
				.limit(workers)
				.toList();
			List<@Nullable Object> failures = new ArrayList<>();
			for (Future<@Nullable Object> result : results) {
				failures.add(result.get());
			}
			return failures;
		}
		finally {
			threads.shutdownNow();
		}
	}

}
