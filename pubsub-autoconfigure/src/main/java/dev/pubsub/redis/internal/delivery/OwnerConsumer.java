package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import dev.pubsub.redis.internal.FailureText;
import dev.pubsub.redis.internal.concurrent.Loop;
import dev.pubsub.redis.internal.ownership.StreamOwnership;
import dev.pubsub.redis.internal.ownership.Tenure;
import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.OwnerGrant;
import dev.pubsub.redis.internal.redis.RedisLink;
import dev.pubsub.redis.internal.redis.StreamGroup;
import dev.pubsub.redis.observe.OwnershipChange;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Strives to own a stream, and consumes it alone while it does: each tenure has a
 * consumer of its own. Thread-safe: {@code lock} guards the order of tenures.
 */
final class OwnerConsumer implements GroupConsumer, StreamOwnership.Tenant {

	private static final Logger logger = LoggerFactory.getLogger(OwnerConsumer.class);

	private static final Duration LAST_WORDS = Duration.ofSeconds(2);

	private static final Duration NO_CONNECTION_DELAY = Duration.ofMillis(50);

	private final StreamConsumerFactory factory;

	private final @Nullable SharedWorkers workers;

	private final DeliverySettings settings;

	private final DeliveryRuntime runtime;

	private final RedisLink control;

	private final StreamOwnership ownership;

	private final Loop turns;

	private final ReentrantLock lock = new ReentrantLock();

	private CompletableFuture<Void> changes = CompletableFuture.completedFuture(null);

	private volatile @Nullable StreamConsumer present;

	private volatile @Nullable Instant answered;

	private volatile boolean paused;

	private volatile boolean stopping;

	/**
	 * Create a consumer that owns nothing.
	 * @param workers what it shares with consumers of other partitions, if there are any
	 */
	OwnerConsumer(StreamConsumerFactory factory, @Nullable SharedWorkers workers) {
		this.factory = factory;
		this.workers = workers;
		this.settings = factory.settings();
		this.runtime = factory.runtime();
		StreamGroup group = this.settings.group();
		this.control = this.runtime.control().following(group.stream());
		this.turns = new Loop("Owning " + group, Runnable::run, this.runtime.threads().timer(), this::turn);
		this.ownership = new StreamOwnership(this.runtime.clients().lease(this.control, group, this.settings.lease()),
				this.settings.lease(), factory::newName, this, this.runtime.ticker(), this.turns::wakeAfter,
				factory.reports().outages().log(logger, "Renewing the ownership of " + group));
	}

	/**
	 * Without a connection there is nothing to ask: that it is missing is told elsewhere.
	 */
	private void turn() {
		if (this.control.isConnected()) {
			this.ownership.turn();
		}
		else {
			this.control.whenConnected().cancel(false);
			this.turns.wakeAfter(NO_CONNECTION_DELAY);
		}
	}

	@Override
	public void start() {
		this.ownership.start();
	}

	@Override
	public void stop() {
		StreamConsumer consumer = this.present;
		if (consumer != null) {
			// It may give back the stream already, for which it takes its time.
			consumer.limitHandlers(this.settings.handling().shutdownTimeout());
		}
		end(StreamConsumer::stop);
	}

	private void end(Consumer<StreamConsumer> how) {
		this.stopping = true;
		this.ownership.withdraw();
		change(() -> endConsumer(how)).join();
		this.turns.stop();
		try {
			this.ownership.release().get(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (ExecutionException | TimeoutException ex) {
			logger.debug("Cannot end the ownership of {}, its lease runs out", this.settings.group(), ex);
		}
	}

	@Override
	public void giveBack() {
		Tenure tenure = this.ownership.tenure();
		end(StreamConsumer::giveBack);
		if (tenure != null) {
			logger.info("{} gave back {}, which it owned as {}: it is the turn of another instance", this.settings.id(),
					this.settings.group(), tenure);
			tell(tenure, false);
		}
	}

	@Override
	public @Nullable StreamConsumer reading() {
		return this.present;
	}

	@Override
	public void answered() {
		OwnerGrant holder = this.ownership.holder();
		if (holder != null && !holder.isGranted()) {
			// Its owner has the group: where that is absent later, it was lost.
			this.factory.progress().exists();
		}
		this.answered = this.runtime.clock().instant();
		this.factory.onPoll().run();
	}

	@Override
	public void gained(Tenure tenure) {
		logger.info("{} owns {} now, as {}", this.settings.id(), this.settings.group(), tenure);
		tell(tenure, true);
		change(() -> begin(tenure));
	}

	@Override
	public CompletableFuture<Void> lost(Tenure tenure) {
		logger.warn("{} lost {}, which it owned as {}: another instance handles its messages", this.settings.id(),
				this.settings.group(), tenure);
		tell(tenure, false);
		return change(this::endConsumer);
	}

	/**
	 * Change what is consumed here, after all changes before.
	 */
	private CompletableFuture<Void> change(Runnable change) {
		this.lock.lock();
		try {
			this.changes = this.changes.handle((ignored, failure) -> null)
				.thenCompose((ignored) -> this.runtime.threads().run("Owning " + this.settings, change));
			return this.changes;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void begin(Tenure tenure) {
		if (this.stopping || this.ownership.tenure() != tenure) {
			return;
		}
		try {
			StreamConsumer consumer = this.factory.consumer(this.workers,
					new OwnerRole(this.runtime.clients(), this.settings.group(), tenure, this.turns::wake));
			this.present = consumer;
			consumer.setPaused(this.paused);
			consumer.start();
		}
		catch (RuntimeException | Error ex) {
			logger.error("Cannot consume {}, which {} owns: it is tried again", this.settings.group(), tenure,
					FailureText.loggable(ex));
			endConsumer();
			this.runtime.threads().after(LAST_WORDS, () -> change(() -> begin(tenure)));
		}
	}

	private void endConsumer() {
		endConsumer(StreamConsumer::stop);
	}

	private void endConsumer(Consumer<StreamConsumer> how) {
		StreamConsumer consumer = this.present;
		if (consumer != null) {
			try {
				how.accept(consumer);
			}
			finally {
				consumer.groupGuard().end();
				this.present = null;
			}
		}
	}

	private void tell(Tenure tenure, boolean gained) {
		StreamGroup group = this.settings.group();
		this.runtime.observer()
			.onOwnershipChange(new OwnershipChange(this.settings.id(), group.stream(), group.group(), tenure.owner(),
					tenure.token(), gained));
	}

	@Override
	public @Nullable OwnershipView ownership() {
		Tenure tenure = this.ownership.tenure();
		if (tenure != null) {
			return new OwnershipView(tenure.owner(), tenure.token(), true, tenure.standby());
		}
		OwnerGrant holder = this.ownership.holder();
		return (holder != null) ? new OwnershipView(holder.owner(), holder.token(), false, holder.standby()) : null;
	}

	@Override
	public void setPaused(boolean paused) {
		this.paused = paused;
		StreamConsumer consumer = this.present;
		if (consumer != null) {
			consumer.setPaused(paused);
		}
	}

	@Override
	public @Nullable Instant lastPoll() {
		StreamConsumer consumer = this.present;
		Instant poll = (consumer != null) ? consumer.lastPoll() : null;
		return (poll != null) ? poll : this.answered;
	}

	@Override
	public DeliveryActivity activity() {
		StreamConsumer consumer = this.present;
		return (consumer != null) ? consumer.activity() : DeliveryActivity.NONE;
	}

	@Override
	public boolean retryNow(EntryId id) {
		StreamConsumer consumer = this.present;
		return consumer != null && consumer.retryNow(id);
	}

	@Override
	public boolean isCalledByHandler() {
		StreamConsumer consumer = this.present;
		return consumer != null && consumer.isCalledByHandler();
	}

}
