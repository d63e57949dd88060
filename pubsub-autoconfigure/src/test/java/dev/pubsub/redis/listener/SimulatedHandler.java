package dev.pubsub.redis.listener;

import java.time.Duration;
import java.util.Random;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.StreamMessage;
import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.test.virtual.TimeRedirects;

/**
 * The handler of one node: mostly quick, now and then slow, hanging or failing, as the
 * seed says of the message and the attempt.
 */
final class SimulatedHandler implements StreamHandler {

	private final Simulation simulation;

	private final long seed;

	private SimulatedNode node;

	SimulatedHandler(Simulation simulation, long seed) {
		this.simulation = simulation;
		this.seed = seed;
	}

	void setNode(SimulatedNode node) {
		this.node = node;
	}

	@Override
	public void handle(StreamMessage<EntryFields> message, Acknowledgment acknowledgment) throws Exception {
		if (this.node.process().isDead()) {
			return;
		}
		EntryId id = EntryId.parse(message.id().getValue());
		Object run = new Object();
		SimulationInvariants invariants = this.simulation.invariants();
		this.simulation.trace(this.node, "handles %s, attempt %d", id, message.attempt());
		invariants.started(run, this.node, message.consumer(), id, message.attempt());
		boolean success = false;
		try {
			behave(invariants.numberOf(id), message.attempt());
			success = true;
		}
		finally {
			if (!this.node.process().isDead()) {
				this.simulation.trace(this.node, "%s %s", success ? "handled" : "failed on", id);
				invariants.ended(run, id, success);
			}
		}
	}

	private void behave(int number, int attempt) throws Exception {
		boolean poison = new Random(this.seed + 31L * number).nextInt(100) < 4;
		Random random = new Random(this.seed * 1_000_003 + number * 97L + attempt);
		int dice = random.nextInt(100);
		long lease = this.simulation.lease().toNanos();
		if (poison) {
			TimeRedirects.sleepFor(random.nextInt(20_000_000));
			throw new IllegalStateException("Poison");
		}
		if (this.simulation.isCalm() || dice < 60) {
			TimeRedirects.sleepFor(random.nextInt(5_000_000));
		}
		else if (dice < 75) {
			TimeRedirects.sleepFor(random.nextInt(50_000_000));
			throw new IllegalStateException("Not this time");
		}
		else if (dice < 90) {
			TimeRedirects.sleepFor((long) (random.nextDouble() * lease / 2));
		}
		else if (dice < 95) {
			TimeRedirects.sleepFor((long) (random.nextDouble() * lease * 3));
		}
		else if (dice < 98) {
			TimeRedirects.sleepFor(Duration.ofHours(1).toNanos());
		}
		else {
			TimeRedirects.sleepOn((long) (random.nextDouble() * lease * 6));
		}
	}

}
