package dev.pubsub.redis.internal.delivery;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import dev.pubsub.redis.internal.delivery.SimulatedStep.Action;
import org.jspecify.annotations.Nullable;

/**
 * Runs simulations by their seeds. Loaded by the
 * {@link dev.pubsub.redis.test.virtual.VirtualTimeLoader}, so that its callers see only
 * types of the JDK.
 */
public final class SimulationRuns {

	private static final int STEPS = 40;

	private SimulationRuns() {
	}

	private static List<SimulatedStep> steps(long seed) {
		List<Action> actions = new ArrayList<>(Arrays.asList(Action.values()));
		String without = System.getProperty("pubsub.simulation.without", "");
		actions.removeIf((action) -> Arrays.asList(without.split(",")).contains(action.name()));
		return SimulatedStep.random(new Random(seed), STEPS, Simulation.NODES, actions);
	}

	/**
	 * Run one seed.
	 * @param steps receives how many steps were done
	 * @return the failure with the shortest trace that shows it, {@code null} if there is
	 * none
	 */
	public static @Nullable String run(long seed, long[] steps) {
		List<SimulatedStep> all = steps(seed);
		Simulation simulation = new Simulation(seed, all, FakeGroupClient::new, null);
		Throwable failure = simulation.run();
		steps[0] = simulation.count();
		return (failure != null) ? explain(seed, all, failure) : null;
	}

	/**
	 * Return the defects that a simulation must find, and the methods to break for each.
	 */
	public static Map<String, Map<String, String>> mutations() {
		Map<String, Map<String, String>> mutations = new LinkedHashMap<>();
		for (SimulationMutation mutation : SimulationMutation.values()) {
			mutations.put(mutation.name(), mutation.changes());
		}
		return mutations;
	}

	/**
	 * Run one seed with a defect.
	 * @return how it shows, {@code null} if it does not
	 */
	public static @Nullable String find(long seed, String mutation) {
		Throwable failure = new Simulation(seed, steps(seed), SimulationMutation.valueOf(mutation)::client, null).run();
		return (failure != null) ? failure.getMessage() : null;
	}

	/**
	 * Return what happens with a seed.
	 */
	public static String trace(long seed) {
		List<String> trace = new ArrayList<>();
		new Simulation(seed, steps(seed), FakeGroupClient::new, trace).run();
		return String.join("\n", trace);
	}

	private static String explain(long seed, List<SimulatedStep> all, Throwable failure) {
		List<SimulatedStep> shortest = shrink(seed, all);
		List<String> trace = new ArrayList<>();
		Throwable last = new Simulation(seed, shortest, FakeGroupClient::new, trace).run();
		StringBuilder text = new StringBuilder("Seed " + seed + ": " + failure.getMessage() + "\nshrunk to "
				+ shortest.size() + " of " + all.size() + " steps: " + ((last != null) ? last.getMessage() : null));
		for (Throwable cause = last; cause != null; cause = cause.getCause()) {
			text.append("\n\t").append(cause);
			Arrays.stream(cause.getStackTrace())
				.filter((frame) -> frame.getClassName().startsWith("dev.pubsub"))
				.forEach((frame) -> text.append("\n\t\tat ").append(frame));
		}
		return text + "\n" + String.join("\n", trace);
	}

	private static List<SimulatedStep> shrink(long seed, List<SimulatedStep> steps) {
		List<SimulatedStep> shortest = new ArrayList<>(steps);
		for (int size = shortest.size() / 2; size > 0; size /= 2) {
			for (int from = 0; from < shortest.size();) {
				List<SimulatedStep> candidate = new ArrayList<>(shortest);
				candidate.subList(from, Math.min(from + size, candidate.size())).clear();
				if (new Simulation(seed, candidate, FakeGroupClient::new, null).run() != null) {
					shortest = candidate;
				}
				else {
					from += size;
				}
			}
		}
		return shortest;
	}

}
