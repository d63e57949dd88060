package dev.pubsub.redis.internal.ownership;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import dev.pubsub.redis.internal.redis.OutageLog;
import dev.pubsub.redis.internal.redis.OwnerGrant;
import dev.pubsub.redis.internal.redis.OwnerLease;
import org.jspecify.annotations.Nullable;

/**
 * Strives for the lease of a stream, and keeps it. Each tenure has a name of its own.
 * Thread-safe: {@code lock} guards the state; the tenant is told without it.
 */
public final class StreamOwnership {

	/**
	 * Longest time between two attempts of an instance that waits.
	 */
	private static final Duration LONGEST_RETRY = Duration.ofSeconds(1);

	private final OwnerLease client;

	private final Duration lease;

	private final Supplier<String> names;

	private final Tenant tenant;

	private final LongSupplier ticker;

	private final Consumer<Duration> again;

	private final OutageLog outage;

	private final ReentrantLock lock = new ReentrantLock();

	private State state = State.STOPPED;

	private String name = "";

	private boolean asking;

	private volatile @Nullable Tenure tenure;

	private volatile @Nullable OwnerGrant holder;

	/**
	 * Create an ownership that strives for nothing.
	 * @param lease how long the lease is granted for
	 * @param names gives a new name for each tenure
	 * @param tenant is told of tenures
	 * @param ticker monotonic nanoseconds
	 * @param again has {@link #turn()} called after a time
	 * @param outage tells when Redis does not answer
	 */
	public StreamOwnership(OwnerLease client, Duration lease, Supplier<String> names, Tenant tenant,
			LongSupplier ticker, Consumer<Duration> again, OutageLog outage) {
		this.client = client;
		this.lease = lease;
		this.names = names;
		this.tenant = tenant;
		this.ticker = ticker;
		this.again = again;
		this.outage = outage;
	}

	/**
	 * Begin to strive.
	 */
	public void start() {
		stand();
		this.again.accept(Duration.ZERO);
	}

	/**
	 * Ask for the lease, or renew it.
	 */
	public void turn() {
		Tenure present = null;
		this.lock.lock();
		try {
			if (this.asking || this.state == State.STOPPED || this.state == State.ENDING) {
				return;
			}
			this.asking = true;
			present = this.tenure;
		}
		finally {
			this.lock.unlock();
		}
		if (present != null) {
			renew(present);
		}
		else {
			acquire();
		}
	}

	private void acquire() {
		long sent = this.ticker.getAsLong();
		this.client.acquire(this.name).whenComplete((grant, failure) -> {
			Tenure begun = null;
			this.lock.lock();
			try {
				this.asking = false;
				if (grant != null && grant.isGranted() && this.state == State.STANDBY) {
					begun = new Tenure(this.name, grant.token(), validFrom(sent), grant.standby());
					this.tenure = begun;
					this.state = State.OWNER;
				}
			}
			finally {
				this.lock.unlock();
			}
			acquired(grant, failure, begun);
		});
	}

	private void acquired(@Nullable OwnerGrant grant, @Nullable Throwable failure, @Nullable Tenure begun) {
		if (grant == null) {
			this.outage.failed((failure != null) ? failure : new IllegalStateException("No reply"),
					"it is tried again");
			this.again.accept(retry());
			return;
		}
		this.outage.succeeded();
		this.holder = grant;
		this.tenant.answered();
		if (begun != null) {
			this.tenant.gained(begun);
			this.again.accept(this.lease.dividedBy(3));
		}
		else if (grant.isGranted()) {
			// It was stopped meanwhile.
			this.client.release(grant.owner(), grant.token());
		}
		else {
			Duration rest = grant.rest().plusMillis(1);
			this.again.accept((rest.compareTo(retry()) < 0) ? rest : retry());
		}
	}

	private void renew(Tenure present) {
		long sent = this.ticker.getAsLong();
		this.client.renew(present.owner(), present.token()).whenComplete((grant, failure) -> {
			this.lock.lock();
			try {
				this.asking = false;
			}
			finally {
				this.lock.unlock();
			}
			if (grant == null) {
				this.outage.failed((failure != null) ? failure : new IllegalStateException("No reply"),
						"another instance owns what is not renewed for a lease");
				this.again.accept(retry());
				return;
			}
			this.outage.succeeded();
			if (grant.isGranted()) {
				this.holder = grant;
				present.renewed(validFrom(sent), grant.standby());
				this.tenant.answered();
				this.again.accept(this.lease.dividedBy(3));
			}
			else {
				lost(present);
			}
		});
	}

	private void lost(Tenure present) {
		this.lock.lock();
		try {
			if (this.tenure != present) {
				return;
			}
			present.end(this.ticker.getAsLong());
			this.tenure = null;
			this.holder = null;
			if (this.state == State.STOPPED) {
				return;
			}
			this.state = State.ENDING;
		}
		finally {
			this.lock.unlock();
		}
		this.tenant.lost(present).whenComplete((ignored, failure) -> {
			if (stand(State.ENDING)) {
				this.again.accept(Duration.ZERO);
			}
		});
	}

	private void stand() {
		this.lock.lock();
		try {
			this.state = State.STANDBY;
			this.name = this.names.get();
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean stand(State from) {
		this.lock.lock();
		try {
			if (this.state != from) {
				return false;
			}
			stand();
			return true;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Strive no more for a tenure. The present one is kept until {@link #release()}.
	 */
	public void withdraw() {
		this.lock.lock();
		try {
			if (this.state != State.OWNER) {
				this.state = State.STOPPED;
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * End: another instance may own the stream at once.
	 * @return completes when Redis answered
	 */
	public CompletableFuture<Boolean> release() {
		Tenure present;
		String waiting;
		this.lock.lock();
		try {
			this.state = State.STOPPED;
			present = this.tenure;
			this.tenure = null;
			waiting = this.name;
		}
		finally {
			this.lock.unlock();
		}
		if (present == null) {
			return this.client.release(waiting, 0);
		}
		present.end(this.ticker.getAsLong());
		return this.client.release(present.owner(), present.token());
	}

	/**
	 * Return the present tenure, {@code null} while this instance waits.
	 */
	public @Nullable Tenure tenure() {
		return this.tenure;
	}

	/**
	 * Return what Redis said last about the owner, {@code null} before.
	 */
	public @Nullable OwnerGrant holder() {
		return this.holder;
	}

	/**
	 * A lease is relied on for a little less than Redis grants.
	 */
	private long validFrom(long sent) {
		return sent + this.lease.toNanos() * 9 / 10;
	}

	private Duration retry() {
		Duration part = this.lease.dividedBy(6);
		return (part.compareTo(LONGEST_RETRY) < 0) ? part : LONGEST_RETRY;
	}

	/**
	 * What an instance does with its tenures. Called on a driver's thread: it must not
	 * block.
	 */
	public interface Tenant {

		/**
		 * Redis answered.
		 */
		void answered();

		/**
		 * This instance owns the stream.
		 */
		void gained(Tenure tenure);

		/**
		 * Another instance owns the stream.
		 * @return completes when nothing of the tenure is left here: the next may begin
		 */
		CompletableFuture<Void> lost(Tenure tenure);

	}

	/**
	 * What an instance is.
	 */
	private enum State {

		STANDBY, OWNER, ENDING, STOPPED

	}

}
