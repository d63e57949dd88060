package dev.pubsub.redis.internal.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * One thing that happens to the nodes, their connections or the server.
 *
 * @param action what happens
 * @param node to which node
 * @param size how many, or how long: from 0 to 99
 * @param pause milliseconds until the next step
 */
record SimulatedStep(Action action, int node, int size, int pause) {

	private static final int MOST_PAUSE = 1500;

	/**
	 * Return steps by chance.
	 * @param actions what may happen
	 */
	static List<SimulatedStep> random(Random random, int count, int nodes, List<Action> actions) {
		List<Action> weighted = new ArrayList<>();
		for (Action action : actions) {
			for (int i = 0; i < action.weight; i++) {
				weighted.add(action);
			}
		}
		List<SimulatedStep> steps = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			steps.add(new SimulatedStep(weighted.get(random.nextInt(weighted.size())), random.nextInt(nodes),
					random.nextInt(100), random.nextInt(MOST_PAUSE)));
		}
		return steps;
	}

	@Override
	public String toString() {
		return this.action + " node " + this.node + " size " + this.size + ", then " + this.pause + " ms";
	}

	/**
	 * What may happen.
	 */
	enum Action {

		PUBLISH(20),

		/** A node is started, unless it runs. */
		START(4), STOP(2), CRASH(2), PAUSE(1), RESUME(2),

		/** A node stands still, as in a long garbage collection. */
		FREEZE_NODE(2),

		/** A node finds no new threads for a while. */
		NO_THREAD(2),

		/** A connection breaks. */
		CUT(3),

		/** The next reply on a connection gets lost with the connection. */
		LOSE_REPLY(3),

		/** What is sent on a connection, either way, gets lost for a while. */
		SWALLOW(2),

		FREEZE_SERVER(1),

		/** The server answers with errors for a while. */
		REFUSE(3),

		/** The clock of the server jumps. */
		JUMP(1),

		/** Entries are deleted, pending or not. */
		TRIM(1),

		/** The group is deleted, its stream stays. */
		LOSE_GROUP(1),

		/** The ownership is what it was before its last change of hands. */
		LOSE_OWNER(1);

		private final int weight;

		Action(int weight) {
			this.weight = weight;
		}

		boolean losesReplies() {
			return switch (this) {
				case STOP, CRASH, FREEZE_NODE, CUT, LOSE_REPLY, SWALLOW, FREEZE_SERVER -> true;
				case PUBLISH, START, PAUSE, RESUME, NO_THREAD, REFUSE, JUMP, TRIM, LOSE_GROUP, LOSE_OWNER -> false;
			};
		}

	}

}
