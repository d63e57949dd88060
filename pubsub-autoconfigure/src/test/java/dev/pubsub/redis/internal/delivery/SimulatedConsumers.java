package dev.pubsub.redis.internal.delivery;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

import dev.pubsub.redis.internal.redis.EntryId;
import org.jspecify.annotations.Nullable;

/**
 * The consumers of a simulation, with what each of them is working on.
 */
final class SimulatedConsumers {

	private final int processes;

	private final Map<String, SimulatedNode> nodes = new HashMap<>();

	/** Which consumers a node has since its last start. */
	private final Map<SimulatedNode, List<String>> present = new HashMap<>();

	/** How many handlers each consumer calls. */
	private final Map<String, Integer> calls = new HashMap<>();

	private final Set<SimulatedRun> runs = new LinkedHashSet<>();

	/**
	 * Create an empty group.
	 * @param processes how many consumers each node has
	 */
	SimulatedConsumers(int processes) {
		this.processes = processes;
	}

	void join(String consumer, SimulatedNode node) {
		if (this.nodes.put(consumer, node) == null) {
			List<String> all = this.present.computeIfAbsent(node, (key) -> new ArrayList<>());
			all.add(consumer);
			if (all.size() > this.processes) {
				all.remove(0);
			}
		}
	}

	/**
	 * A node is gone, with all its handlers.
	 */
	void leave(SimulatedNode node) {
		this.runs.removeIf((run) -> run.node() == node);
		this.present.remove(node);
	}

	/**
	 * Return the node of a consumer, also of one that is gone.
	 */
	@Nullable SimulatedNode nodeOf(String consumer) {
		return this.nodes.get(consumer);
	}

	/**
	 * Return whether a consumer does its work.
	 */
	boolean isPresent(@Nullable String consumer) {
		SimulatedNode node = this.nodes.get(consumer);
		return node != null && this.present.getOrDefault(node, List.of()).contains(consumer) && !node.isStopped();
	}

	/**
	 * A consumer calls a handler.
	 * @return how many calls are under way then
	 */
	int begin(SimulatedRun.Call call) {
		return this.calls.merge(call.consumer, 1, Integer::sum);
	}

	void end(SimulatedRun.Call call) {
		if (!call.stuck) {
			this.calls.merge(call.consumer, -1, Integer::sum);
		}
	}

	void add(SimulatedRun run) {
		this.runs.add(run);
	}

	void remove(SimulatedRun run) {
		this.runs.remove(run);
	}

	/**
	 * Return what has begun and is not decided.
	 */
	Set<SimulatedRun> runs() {
		return this.runs;
	}

	boolean isAnyRun(Predicate<SimulatedRun> condition) {
		return this.runs.stream().anyMatch(condition);
	}

	/**
	 * An attempt is left to its lease: its node said so.
	 * @param stuck whether another thread takes the place of its handler
	 */
	void abandon(SimulatedNode node, EntryId id, int attempt, boolean stuck) {
		this.runs.stream()
			.filter((run) -> run.node() == node && run.id.equals(id) && run.attempt == attempt)
			.forEach((run) -> {
				run.abandoned = true;
				if (stuck && !run.call.stuck) {
					end(run.call);
					run.call.stuck = true;
				}
			});
	}

}
