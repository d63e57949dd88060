package dev.pubsub.redis.internal.ownership;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import dev.pubsub.redis.internal.redis.OutageLog;
import dev.pubsub.redis.internal.redis.OwnerGrant;
import dev.pubsub.redis.internal.redis.OwnerLease;
import org.slf4j.helpers.NOPLogger;

/**
 * Three instances that strive for one stream, and read it. By chance commands and replies
 * are late, instances stand still, and the clock of the server runs backwards, as after a
 * failover. After each step: no two instances own the stream by their own clocks, and no
 * read is executed for an owner after one for a later owner.
 */
final class OwnershipModel {

	private static final Duration LEASE = Duration.ofSeconds(30);

	private final Random random;

	private final Mutation mutation;

	private final List<Runnable> network = new ArrayList<>();

	private final List<Runnable> blocked = new ArrayList<>();

	private final List<Instance> instances = new ArrayList<>();

	private final Server server = new Server();

	private long now = TimeUnit.DAYS.toNanos(1);

	private long highestRead;

	private int reads;

	private String violation = "";

	OwnershipModel(long seed, Mutation mutation) {
		this.random = new Random(seed);
		this.mutation = mutation;
		for (String name : List.of("a", "b", "c")) {
			this.instances.add(new Instance(name));
		}
	}

	/**
	 * Run.
	 * @return what was violated first, empty for nothing
	 */
	String run(int steps) {
		this.instances.forEach((instance) -> instance.ownership.start());
		for (int step = 0; step < steps && this.violation.isEmpty(); step++) {
			step();
			long owners = this.instances.stream().filter(Instance::isOwner).count();
			if (owners > 1) {
				this.violation = owners + " owners by their own clocks";
			}
		}
		return this.violation;
	}

	int reads() {
		return this.reads;
	}

	private void step() {
		Instance instance = this.instances.get(this.random.nextInt(3));
		switch (this.random.nextInt(12)) {
			case 0, 1, 2, 3, 4 -> {
				if (!this.network.isEmpty()) {
					this.network.remove(this.random.nextInt(Math.min(3, this.network.size()))).run();
				}
			}
			case 5, 6 -> this.now += TimeUnit.MILLISECONDS.toNanos(this.random.nextInt(4000));
			case 7, 8 -> instance.turn();
			case 9 -> instance.read();
			case 10 -> {
				// An entry is added: what is blocked in the server gets it.
				this.blocked.forEach(Runnable::run);
				this.blocked.clear();
			}
			default -> rarely(instance);
		}
	}

	private void rarely(Instance instance) {
		switch (this.random.nextInt(6)) {
			case 0 -> instance.frozen = true;
			case 1, 2 -> instance.frozen = false;
			case 3 -> this.server.clock -= TimeUnit.SECONDS.toNanos(this.random.nextInt(60));
			case 4 -> this.now += TimeUnit.SECONDS.toNanos(this.random.nextInt(40));
			default -> {
				if (!instance.frozen) {
					instance.ownership.withdraw();
					instance.ownership.release();
					instance.ownership.start();
				}
			}
		}
	}

	/**
	 * What is taken out of the algorithm.
	 */
	enum Mutation {

		NONE, NO_TOKEN_CHECK, CLOCK_BASED_TOKEN, BLOCKING_READ

	}

	/**
	 * What the scripts do.
	 */
	private final class Server {

		private String owner = "";

		private long token;

		private long until;

		/** What its clock is ahead of the true time. */
		private long clock;

		private long time() {
			return OwnershipModel.this.now + this.clock;
		}

		OwnerGrant acquire(String name) {
			boolean free = this.owner.isEmpty() || this.owner.equals(name) || this.until <= time();
			if (free) {
				long micros = time() / 1000;
				this.token = (OwnershipModel.this.mutation == Mutation.CLOCK_BASED_TOKEN) ? micros
						: Math.max(this.token + 1, micros);
				this.owner = name;
				this.until = time() + LEASE.toNanos();
			}
			return grant(free);
		}

		OwnerGrant renew(String name, long token) {
			boolean same = isHeldBy(name, token);
			this.until = same ? time() + LEASE.toNanos() : this.until;
			return grant(same);
		}

		boolean release(String name, long token) {
			boolean same = isHeldBy(name, token);
			this.owner = same ? "" : this.owner;
			return same;
		}

		void read(String name, long token) {
			if (OwnershipModel.this.mutation != Mutation.NO_TOKEN_CHECK && !isHeldBy(name, token)) {
				return;
			}
			if (OwnershipModel.this.mutation == Mutation.BLOCKING_READ && OwnershipModel.this.random.nextBoolean()) {
				OwnershipModel.this.blocked.add(() -> deliver(name, token));
				return;
			}
			deliver(name, token);
		}

		private void deliver(String name, long token) {
			OwnershipModel.this.reads++;
			if (token < OwnershipModel.this.highestRead) {
				OwnershipModel.this.violation = name + " read with token " + token + " after "
						+ OwnershipModel.this.highestRead;
			}
			OwnershipModel.this.highestRead = Math.max(OwnershipModel.this.highestRead, token);
		}

		private boolean isHeldBy(String name, long token) {
			return this.owner.equals(name) && this.token == token;
		}

		private OwnerGrant grant(boolean granted) {
			return new OwnerGrant(granted, this.owner, this.token, Duration.ofNanos(Math.max(0, this.until - time())),
					0);
		}

	}

	/**
	 * An instance: what it sends and what it is answered takes time.
	 */
	private final class Instance implements OwnerLease, StreamOwnership.Tenant {

		private final StreamOwnership ownership;

		private int number;

		private boolean frozen;

		Instance(String name) {
			this.ownership = new StreamOwnership(this, LEASE, () -> name + ++this.number, this,
					() -> OwnershipModel.this.now, (delay) -> {
					}, new OutageLog(NOPLogger.NOP_LOGGER, "Owning", () -> OwnershipModel.this.now));
		}

		void turn() {
			if (!this.frozen) {
				this.ownership.turn();
			}
		}

		boolean isOwner() {
			Tenure tenure = this.ownership.tenure();
			return tenure != null && tenure.isValid(OwnershipModel.this.now);
		}

		void read() {
			Tenure tenure = this.ownership.tenure();
			if (tenure != null && !this.frozen) {
				OwnershipModel.this.network.add(() -> OwnershipModel.this.server.read(tenure.owner(), tenure.token()));
			}
		}

		@Override
		public CompletableFuture<OwnerGrant> acquire(String name) {
			return send(() -> OwnershipModel.this.server.acquire(name));
		}

		@Override
		public CompletableFuture<OwnerGrant> renew(String name, long token) {
			return send(() -> OwnershipModel.this.server.renew(name, token));
		}

		@Override
		public CompletableFuture<Boolean> release(String name, long token) {
			return send(() -> OwnershipModel.this.server.release(name, token));
		}

		private <T> CompletableFuture<T> send(Supplier<T> command) {
			CompletableFuture<T> reply = new CompletableFuture<>();
			OwnershipModel.this.network.add(() -> {
				T value = command.get();
				receive(() -> reply.complete(value));
			});
			return reply;
		}

		private void receive(Runnable reply) {
			OwnershipModel.this.network.add(() -> {
				if (this.frozen) {
					receive(reply);
				}
				else {
					reply.run();
				}
			});
		}

		@Override
		public void answered() {
			// Nothing is shown.
		}

		@Override
		public void gained(Tenure tenure) {
			// It is asked for.
		}

		@Override
		public CompletableFuture<Void> lost(Tenure tenure) {
			return CompletableFuture.completedFuture(null);
		}

	}

}
