package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.StreamMessage;
import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.listener.Acknowledgment;
import dev.pubsub.redis.listener.BatchFailureException;
import dev.pubsub.redis.listener.BatchStreamHandler;
import dev.pubsub.redis.test.virtual.TimeRedirects;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.stream.RecordId;

/**
 * The handler of one node: mostly quick, now and then slow, hanging or failing, as the
 * seed says of the message and the attempt. Where it decides itself, it does so at once,
 * later, or both.
 */
final class SimulatedHandler implements BatchStreamHandler {

	private final Simulation simulation;

	private final SimulatedMode mode;

	private final long seed;

	private SimulatedNode node;

	SimulatedHandler(Simulation simulation, SimulatedMode mode, long seed) {
		this.simulation = simulation;
		this.mode = mode;
		this.seed = seed;
	}

	void setNode(SimulatedNode node) {
		this.node = node;
	}

	@Override
	public void handle(List<StreamMessage<EntryFields>> messages, List<Acknowledgment> acknowledgments)
			throws Exception {
		if (this.node.process().isDead()) {
			return;
		}
		SimulationInvariants invariants = this.simulation.invariants();
		SimulatedRun.Call call = invariants.called(this.node, messages.get(0).consumer(), messages.get(0).token());
		List<SimulatedRun> runs = new ArrayList<>();
		for (StreamMessage<EntryFields> message : messages) {
			this.simulation.trace(this.node, "handles %s, attempt %d", message.id(), message.attempt());
			EntryId id = EntryId.parse(message.id().getValue());
			runs.add(invariants.started(call, id, message.attempt()));
		}
		Throwable failure = null;
		try {
			behave(runs, acknowledgments);
		}
		catch (Throwable ex) {
			failure = ex;
			throw ex;
		}
		finally {
			if (!this.node.process().isDead()) {
				invariants.consumers().end(call);
				for (SimulatedRun run : runs) {
					ended(run, failure, runs);
				}
			}
		}
	}

	private void ended(SimulatedRun run, @Nullable Throwable failure, List<SimulatedRun> all) {
		boolean success = !isFailed(run, failure, all);
		this.simulation.trace(this.node, "%s %s", success ? "returned from" : "failed on", run.id);
		this.simulation.invariants().ended(run, success);
	}

	private boolean isFailed(SimulatedRun run, @Nullable Throwable failure, List<SimulatedRun> all) {
		if (this.mode.batch() && failure instanceof BatchFailureException batch
				&& all.stream().anyMatch((one) -> batch.getFailures().containsKey(one.id.toRecordId()))) {
			return batch.getFailures().containsKey(run.id.toRecordId());
		}
		return failure != null;
	}

	private void behave(List<SimulatedRun> runs, List<Acknowledgment> acknowledgments) throws Exception {
		SimulatedRun first = runs.get(0);
		Random random = new Random(this.seed * 1_000_003 + numberOf(first) * 97L + first.attempt);
		boolean poison = isPoison(first);
		if (this.mode.isManual()) {
			for (int i = 0; i < runs.size(); i++) {
				decide(runs.get(i), acknowledgments.get(i), random);
			}
		}
		if (!poison) {
			work(runs, acknowledgments.get(0), random);
		}
		else {
			TimeRedirects.sleepFor(random.nextInt(20_000_000));
		}
		if (this.mode.batch()) {
			failOnSome(runs, random);
		}
		else if (poison) {
			throw new IllegalStateException("Poison");
		}
	}

	private int numberOf(SimulatedRun run) {
		return this.simulation.invariants().numberOf(run.id);
	}

	private boolean isPoison(SimulatedRun run) {
		return new Random(this.seed + 31L * numberOf(run)).nextInt(100) < 4;
	}

	/**
	 * Fail on some messages of a batch, and now and then on one that is not in it.
	 */
	private void failOnSome(List<SimulatedRun> runs, Random random) {
		Map<RecordId, Throwable> failures = new HashMap<>();
		for (SimulatedRun run : runs) {
			if (isPoison(run) || (!this.simulation.isCalm() && random.nextInt(100) < 5)) {
				failures.put(run.id.toRecordId(), new IllegalStateException("Not this one"));
			}
		}
		if (failures.isEmpty() && !this.simulation.isCalm() && random.nextInt(100) < 2) {
			failures.put(RecordId.of(1, 1), new IllegalStateException("Another one"));
		}
		if (!failures.isEmpty()) {
			throw new BatchFailureException(failures);
		}
	}

	private void work(List<SimulatedRun> runs, Acknowledgment acknowledgment, Random random) throws Exception {
		int dice = random.nextInt(100);
		long lease = SimulatedMode.LEASE.toNanos();
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
		else if (dice < 94) {
			TimeRedirects.sleepFor((long) (random.nextDouble() * lease * 3));
		}
		else if (dice < 96) {
			Duration more = SimulatedMode.TIMEOUT.multipliedBy(2);
			this.simulation.invariants().extended(runs, more.toNanos());
			acknowledgment.extend(more);
			TimeRedirects.sleepFor(SimulatedMode.TIMEOUT.toNanos() * 3 / 2);
		}
		else if (dice < 98) {
			TimeRedirects.sleepFor(Duration.ofHours(1).toNanos());
		}
		else {
			TimeRedirects.sleepOn((long) (random.nextDouble() * lease * 6));
		}
	}

	/**
	 * Decide about a message, which is done when it is acknowledged; poison never is.
	 */
	private void decide(SimulatedRun run, Acknowledgment acknowledgment, Random random) {
		int dice = random.nextInt(100);
		long later = random.nextInt(this.simulation.isCalm() ? 50_000_000 : (int) 2e9);
		later *= (!this.simulation.isCalm() && random.nextInt(4) == 0) ? 6 : 1;
		if (isPoison(run)) {
			if (dice < 50) {
				later(run, later, "retries", acknowledgment::retry);
			}
		}
		else if (dice < 40) {
			acknowledge(run, acknowledgment);
		}
		else if (this.simulation.isCalm() || dice < 70) {
			later(run, later, "acknowledges", () -> acknowledge(run, acknowledgment));
		}
		else if (dice < 80) {
			later(run, later, "retries", acknowledgment::retry);
		}
		else if (dice < 86) {
			this.simulation.invariants().decided(run);
			acknowledgment.retry(Duration.ofMillis(random.nextInt(8000)));
		}
		else if (dice < 90) {
			later(run, later, "rejects", () -> acknowledgment.reject("hopeless"));
		}
		else if (dice < 94) {
			this.simulation.invariants().decided(run);
			acknowledgment.reject("hopeless");
		}
		else {
			// The first decision counts.
			acknowledge(run, acknowledgment);
			acknowledgment.retry();
		}
	}

	private void acknowledge(SimulatedRun run, Acknowledgment acknowledgment) {
		this.simulation.trace(this.node, "acknowledges %s", run.id);
		this.simulation.invariants().acknowledged(run);
		acknowledgment.acknowledge();
	}

	/**
	 * Have another thread decide, while the handler runs or after it returned. The
	 * application goes on after an error.
	 */
	private void later(SimulatedRun run, long nanos, String what, Runnable decision) {
		this.node.after(nanos, () -> {
			if (!this.node.process().isDead()) {
				this.simulation.trace(this.node, "%s %s of attempt %d", what, run.id, run.attempt);
				this.simulation.invariants().decided(run);
				try {
					decision.run();
				}
				catch (OutOfMemoryError ex) {
					this.simulation.trace(this.node, "has no memory to decide on %s", run.id);
				}
			}
		});
	}

}
