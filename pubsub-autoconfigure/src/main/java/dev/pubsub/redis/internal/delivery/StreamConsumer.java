package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

import dev.pubsub.redis.internal.concurrent.Loop;
import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.GroupClient;
import dev.pubsub.redis.internal.redis.Outages;
import dev.pubsub.redis.internal.redis.RedisLink;
import dev.pubsub.redis.internal.redis.StreamGroup;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One consumer of a group: a reader loop with all that belongs to it, wired together. It
 * runs once, from its start to its stop, under a name that is never used again.
 */
final class StreamConsumer implements GroupConsumer, DeadlineWatch.Owner {

	private static final Logger logger = LoggerFactory.getLogger(StreamConsumer.class);

	/**
	 * How much longer than its blocking time a read may be silent.
	 */
	static final Duration READ_MARGIN = Duration.ofSeconds(5);

	private final DeliverySettings settings;

	private final DeliveryRuntime runtime;

	private final RedisLink control;

	private final RedisLink recovery;

	private final ReadBudget budget;

	private final GroupClient client;

	private final MessageReporter reporter;

	private final ConsumerRole role;

	private final StartOrder order;

	private final InFlightMessages inFlight;

	private final RunningHandlers handlers = new RunningHandlers();

	private final Contact contact;

	private final LeaseKeeper leases;

	private final Settler settler;

	private final AckBatcher acks;

	private final DeadLetters deadLetters;

	private final BackoffMessages backoffs;

	private final MessageDispatcher dispatcher;

	private final ClaimScheduler claims;

	private final ConsumerReaper reaper;

	private final Leftovers leftovers;

	private final PollLoop pollLoop;

	private final HandBack handBack;

	private final OrderlyStop orderlyStop;

	private final Outages outages;

	private final GroupGuard groupGuard;

	private final UnreadEntries unread;

	private final Loop unreadLooks;

	private final Runnable onPoll;

	private volatile @Nullable Instant lastPoll;

	private @Nullable Loop reaping;

	/** When it was last looked for unread entries. */
	private EntryId highestBefore = EntryId.ZERO;

	/**
	 * Create a consumer.
	 * @param call the handler's side
	 * @param progress what the consumers of one container know of the group
	 * @param unread looks for entries that are removed before they are read
	 * @param reports tells of failures
	 * @param workers what it shares with consumers of other partitions, if there are any
	 * @param role one of several consumers, or the owner of the stream
	 * @param onPoll is told when Redis answered a read
	 */
	StreamConsumer(DeliverySettings settings, HandlerCall call, DeliveryRuntime runtime, GroupProgress progress,
			UnreadEntries unread, FailureReports reports, @Nullable SharedWorkers workers, Runnable onPoll,
			ConsumerRole role) {
		this.outages = reports.outages().part();
		StackTraces stackTraces = reports.stackTraces();
		this.settings = settings;
		this.runtime = runtime;
		this.onPoll = onPoll;
		StreamGroup group = settings.group();
		this.role = role;
		this.order = role.order(this::startNext, this::claimNext);
		this.inFlight = new InFlightMessages(this.order::ended);
		this.control = runtime.control().following(group.stream());
		this.recovery = runtime.recovery().following(group.stream());
		this.client = role.over(this.control);
		this.unread = unread;
		this.unreadLooks = runtime.threads()
			.ticks()
			.loop("Looking for removed entries of " + group, settings.leases().claimInterval(), this::lookForUnread);
		this.reporter = new MessageReporter(settings, runtime.observer(), runtime.threads()::after);
		this.groupGuard = new GroupGuard(this.client, settings.reading(), this.inFlight, progress, this.reporter,
				runtime.ticker());
		this.contact = new Contact(settings.lease(), runtime.ticker(), this::renewAll);
		this.leases = new LeaseKeeper(settings.lease(), this.client, this.inFlight, this.groupGuard, this.reporter,
				runtime.ticker(), runtime.threads().ticks(), this.contact::made,
				this.outages.log(logger, "Renewing leases of " + group));
		this.settler = new Settler(group, runtime.threads().timer(), runtime.ticker());
		this.acks = new AckBatcher(this.client, this.inFlight, this.settler, runtime.threads().timer(),
				this.outages.log(logger, "Acknowledging in " + group), settings.deleteAfterAck());
		this.deadLetters = new DeadLetters(settings, this.client, this.inFlight, this.settler, runtime, this.groupGuard,
				this.reporter, this.outages.log(logger, "Dead-lettering from " + group), stackTraces);
		this.backoffs = new BackoffMessages(settings.lease(), this.client, this.inFlight, this.settler, this.groupGuard,
				this.reporter, this::deleted, this::due, this.outages.log(logger, "Backing off in " + group),
				runtime.ticker());
		DeadlineWatch deadlines = new DeadlineWatch(this.handlers, this.inFlight, runtime.threads(), runtime.ticker(),
				this.reporter, this);
		Settlements settlements = new Settlements(settings, call, this.inFlight, this.acks, this.backoffs,
				this.deadLetters, this::release, this.order, this.reporter, stackTraces, runtime.ticker());
		HandlerInvocation invocation = new HandlerInvocation(call, settings.handling().timeout(), this.client,
				this.inFlight, settlements, deadlines, this.reporter, runtime.ticker(), role);
		ReadBudget budget = new ReadBudget(settings.reading(), runtime.heapShare());
		this.budget = budget;
		this.dispatcher = new MessageDispatcher(settings, budget, runtime.threads(), workers, invocation::run,
				this.acks::flush, this::roomForRedelivered, this.inFlight::leaveUnfinished, this.order);
		RedisLink reader = runtime.clients()
			.openReader(group.stream(), settings.reading().block().plus(READ_MARGIN), settings.reading().block())
			.following(group.stream());
		GroupClient reads = role.over(reader);
		OversizedEntries oversized = new OversizedEntries();
		MissingPayloads missing = new MissingPayloads(this.inFlight, this.acks, this.reporter);
		OwnPending ownPending = new OwnPending(this.client, reads, this.inFlight, this.leases, this.reporter, missing,
				budget, oversized, settings.handling().maxAttempts());
		LostDeliveries lostDeliveries = new LostDeliveries(group, ownPending, this.dispatcher, this.inFlight,
				this.groupGuard);
		this.reaper = new ConsumerReaper(this.client, settings.leases().reapIdleAfter(),
				this.outages.log(logger, "Looking for idle consumers of " + group));
		this.leftovers = new Leftovers(this.client, this.inFlight, this.groupGuard);
		Takeover takeover = new Takeover(settings, this.client, this.recovery, role.over(this.recovery), this.inFlight,
				this.leases, this.dispatcher, this.deadLetters, this.reporter, missing, this.contact, budget,
				oversized);
		Suspects suspects = new Suspects(this::isBeforeItsEnd, settings.handling().maxAttempts(),
				this.dispatcher.room()::mostBegun);
		UsedUpEntries usedUp = new UsedUpEntries(settings, this.leases, this.deadLetters, missing, budget, oversized);
		this.claims = new ClaimScheduler(settings.leases().claimInterval(), runtime.threads(),
				new Claims(new AbandonedEntries(settings.lease(), this.client, role.over(runtime.looks())),
						this.inFlight, this.dispatcher, takeover, suspects, usedUp, this.order),
				new TurnClaims(settings.lease(), this.client, this.inFlight, takeover, suspects, usedUp,
						this.dispatcher.room(), this.groupGuard, runtime.ticker()),
				this.contact, this::keepHouse, lostDeliveries::suspect,
				this.outages.log(logger, "Claiming from " + group));
		this.handBack = new HandBack(this.client, this.inFlight, ownPending, this.reporter, this.settler,
				this.outages.log(logger, "Handing back in " + group));
		NewEntries entries = new NewEntries(settings.reading(), reads, this.inFlight, this.dispatcher, this.leases,
				budget, lostDeliveries::leaveOut);
		this.pollLoop = new PollLoop(this, reader, entries, lostDeliveries, readStop(group), budget,
				this.outages.log(logger, "Reading from " + group));
		this.orderlyStop = new OrderlyStop(this, this.pollLoop, this.claims, this.acks, this.handBack);
	}

	@Override
	public void start() {
		if (this.runtime.threads().tasks().isShutdown()) {
			throw new RejectedExecutionException("The application is stopping");
		}
		this.pollLoop.start();
		if (this.settings.isAtMostOnce()) {
			this.reaping = this.reaper.start(this.runtime.threads().ticks(), this.settings.leases().claimInterval());
		}
		else {
			this.leases.start();
			this.claims.start();
		}
	}

	@Override
	public StreamConsumer reading() {
		return this;
	}

	@Override
	public void setPaused(boolean paused) {
		this.pollLoop.setPaused(paused);
		this.claims.setPaused(paused);
		this.dispatcher.redeliveryDone();
	}

	@Override
	public void stop() {
		limitHandlers(this.settings.handling().shutdownTimeout());
		end();
	}

	/**
	 * Stop, since another instance is to consume the stream; blocks. There is time for a
	 * call of each handler.
	 */
	@Override
	public void giveBack() {
		Duration stop = this.settings.handling().shutdownTimeout();
		Duration call = this.settings.handling().timeout();
		limitHandlers((stop.compareTo(call) < 0) ? call : stop);
		end();
	}

	/**
	 * Let handlers go on for some time once it stops, and no longer if it stops already.
	 */
	void limitHandlers(Duration time) {
		this.orderlyStop.limit(time);
	}

	private void end() {
		this.unreadLooks.stop();
		Loop reaping = this.reaping;
		if (reaping != null) {
			reaping.stop();
		}
		try {
			this.orderlyStop.run();
		}
		finally {
			this.budget.end();
			this.outages.end();
		}
	}

	void createGroup() throws ExecutionException, InterruptedException, TimeoutException {
		this.groupGuard.create();
		if (this.role.takeOver(this.control, this.inFlight)) {
			this.claims.search();
		}
		this.unread.lookBeforeReading();
		this.unreadLooks.wakeAfter(this.settings.leases().claimInterval());
	}

	GroupGuard groupGuard() {
		return this.groupGuard;
	}

	private void lookForUnread() {
		this.unreadLooks.wakeAfter(this.settings.leases().claimInterval());
		EntryId highest = this.inFlight.highest();
		if (!highest.equals(this.highestBefore)) {
			this.highestBefore = highest;
			this.unread.mayHaveMissed();
		}
		this.unread.look();
	}

	/**
	 * Redis answered a read.
	 */
	void polled() {
		this.lastPoll = this.runtime.clock().instant();
		this.contact.made();
		this.onPoll.run();
	}

	/**
	 * There is no need to read, since all handlers are busy or it is paused. With a
	 * connection that is as good as an answer: nothing is wrong with Redis.
	 */
	void notReading() {
		this.unread.mayHaveMissed();
		if (this.control.isConnected()) {
			this.lastPoll = this.runtime.clock().instant();
		}
	}

	/**
	 * A read failed, or the group was lost.
	 */
	void readFailed() {
		this.unread.mayHaveMissed();
	}

	@Override
	public @Nullable Instant lastPoll() {
		return this.lastPoll;
	}

	@Override
	public DeliveryActivity activity() {
		return Activity.of(this.settings.handling().threads(), List.of(this), this.runtime);
	}

	@Override
	public boolean retryNow(EntryId id) {
		return this.backoffs.retryNow(id);
	}

	@Override
	public boolean isCalledByHandler() {
		return this.handlers.isCaller();
	}

	private void startNext(InFlightMessage message) {
		this.dispatcher.startNext(message);
	}

	private void claimNext(EntryId id) {
		this.claims.claimNext(id);
	}

	private boolean isBeforeItsEnd(EntryId id) {
		InFlightMessage message = this.inFlight.get(id);
		return message != null && message.stage() != Stage.STUCK && message.stage().isBeforeItsEnd();
	}

	private BooleanSupplier readStop(StreamGroup group) {
		ReadStop owed = new ReadStop(group, "messages left their handlers and are not settled",
				16 * Math.max(64, this.settings.reading().count()), this::owed, this.runtime.ticker());
		ReadStop resting = new ReadStop(group, "messages wait for their next attempt", InFlightMessages.MOST_RESTING,
				this.inFlight::resting, this.runtime.ticker());
		ReadStop parked = new ReadStop(group, "messages wait for others with their keys",
				16 * Math.max(64, this.settings.reading().count()), this.order::parked, this.runtime.ticker());
		return () -> {
			boolean first = owed.isReached();
			boolean second = parked.isReached();
			return resting.isReached() || first || second;
		};
	}

	private void keepHouse() {
		this.settler.sendUnanswered();
		this.reaper.reap();
		this.leftovers.look();
	}

	@Override
	public void stuck(Thread worker) {
		this.dispatcher.workers().replace(worker);
	}

	@Override
	public void goesOn(Thread worker) {
		this.dispatcher.workers().goesOn(worker);
		this.leases.renewAll();
	}

	private void release(InFlightMessage message) {
		this.handBack.release(List.of(message));
	}

	private void roomForRedelivered() {
		this.claims.trigger();
	}

	private void due(InFlightMessage message) {
		this.claims.due(message);
	}

	/**
	 * The entry was deleted: its fields are all that there is.
	 */
	private void deleted(InFlightMessage message) {
		if (message.fields().size() == 0) {
			this.acks.add(message);
			this.acks.flush();
			this.reporter.reportLost(message.id());
		}
		else {
			message.markDeleted();
			this.deadLetters.move(message, DeadLetterReason.ENTRY_DELETED, null);
		}
	}

	private void renewAll() {
		this.leases.renewAll();
	}

	/**
	 * Return how many messages left their handler and are not settled.
	 */
	private int owed() {
		return this.inFlight.undecided() + this.acks.size() + this.deadLetters.owed();
	}

	DeliverySettings settings() {
		return this.settings;
	}

	DeliveryRuntime runtime() {
		return this.runtime;
	}

	/**
	 * Return the shared connection to the server of the stream.
	 */
	RedisLink control() {
		return this.control;
	}

	RedisLink recovery() {
		return this.recovery;
	}

	GroupClient client() {
		return this.client;
	}

	InFlightMessages inFlight() {
		return this.inFlight;
	}

	RunningHandlers handlers() {
		return this.handlers;
	}

	MessageDispatcher dispatcher() {
		return this.dispatcher;
	}

	MessageReporter reporter() {
		return this.reporter;
	}

	LeaseKeeper leases() {
		return this.leases;
	}

}
