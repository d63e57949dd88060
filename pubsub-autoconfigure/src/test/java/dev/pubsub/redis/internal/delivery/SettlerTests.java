package dev.pubsub.redis.internal.delivery;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

import dev.pubsub.redis.DeadLetterFormat;
import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.FakeFailures;
import dev.pubsub.redis.internal.redis.GroupClient;
import dev.pubsub.redis.internal.redis.OutageLog;
import dev.pubsub.redis.internal.redis.StreamGroup;
import dev.pubsub.redis.listener.Subscription;
import dev.pubsub.redis.listener.TestContainers;
import dev.pubsub.redis.observe.StreamObserver;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.helpers.NOPLogger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What is owed is told until Redis confirms it, whatever fails on the way. The test owns
 * the clock.
 */
class SettlerTests {

	private static final Duration LEASE = Duration.ofSeconds(60);

	private static final StreamGroup GROUP = new StreamGroup("orders", "billing");

	private final AtomicLong nanos = new AtomicLong();

	private final BackgroundThreads threads = BackgroundThreads.platform();

	private final FakeGroup server = new FakeGroup(GROUP, () -> this.nanos.get() / 1_000_000);

	private final UnreliableWire wire = new UnreliableWire();

	private final GroupClient client = new FakeGroupClient(this.server, "one", this.wire);

	private final InFlightMessages inFlight = new InFlightMessages();

	private final Settler settler = new Settler(GROUP, this.threads.timer(), this.nanos::get);

	private final DeliverySettings settings = TestContainers
		.settings(Subscription.of("orders", "billing", (message, ack) -> {
		}));

	private final MessageReporter reporter = new MessageReporter(this.settings, StreamObserver.NONE, (delay, task) -> {
	});

	private final GroupGuard guard = new GroupGuard(this.client, this.settings.reading(), this.inFlight,
			new GroupProgress(), this.reporter, this.nanos::get);

	private final List<InFlightMessage> due = new ArrayList<>();

	private Consumer<InFlightMessage> onDue = this.due::add;

	@BeforeEach
	void createGroup() {
		this.server.add(EntryFields.of());
		this.client.create("0");
	}

	@AfterEach
	void close() {
		this.threads.close();
	}

	private void pass(Duration time) {
		this.nanos.addAndGet(time.toNanos());
		this.settler.sendUnanswered();
	}

	private InFlightMessage delivered() {
		this.server.add(EntryFields.of());
		EntryId id = this.client.read(1, Duration.ZERO, false, Long.MAX_VALUE).join().get(0).id();
		InFlightMessage message = new InFlightMessage(id, EntryFields.of(), 1, 0, Long.MAX_VALUE / 2);
		this.inFlight.add(message);
		this.inFlight.move(message, Stage.QUEUED, Stage.SETTLING);
		return message;
	}

	private BackoffMessages backoffs() {
		return new BackoffMessages(LEASE, this.client, this.inFlight, this.settler, this.guard, this.reporter,
				(message) -> {
				}, (message) -> this.onDue.accept(message), log(), this.nanos::get);
	}

	private DeadLetters deadLetters() {
		DeliveryRuntime runtime = new DeliveryRuntime(null, null, null, null, null, this.threads, StreamObserver.NONE,
				Clock.systemUTC(), Duration.ofSeconds(60), this.nanos::get);
		return new DeadLetters(this.settings, this.client, this.inFlight, this.settler, runtime, this.guard,
				this.reporter, log(), new StackTraces());
	}

	private HandBack handBack() {
		return new HandBack(this.client, this.inFlight, null, this.reporter, this.settler, log());
	}

	private OutageLog log() {
		return new OutageLog(NOPLogger.NOP_LOGGER, "Settling", this.nanos::get);
	}

	private int deliveries(InFlightMessage message) {
		return this.server.pending.get(message.id()).deliveries;
	}

	@Test
	void sendsAgainWhatNobodyAnswered() {
		InFlightMessage message = delivered();
		this.wire.fault = Fault.SILENCE;
		backoffs().add(message, Duration.ofSeconds(5));
		assertThat(message.stage()).isEqualTo(Stage.HANDING_BACK);
		this.wire.fault = Fault.NONE;

		pass(Duration.ofSeconds(9));
		assertThat(message.stage()).isEqualTo(Stage.HANDING_BACK);

		pass(Duration.ofSeconds(2));
		assertThat(message.stage()).isEqualTo(Stage.IN_REDIS);
	}

	@Test
	void acknowledgesAgainWhatCameAgainMeanwhile() {
		InFlightMessage message = delivered();
		CompletableFuture<Void> late = new CompletableFuture<>();
		GroupClient slow = new FakeGroupClient(this.server, "one", this.wire) {

			@Override
			public CompletableFuture<Long> acknowledge(List<EntryId> ids) {
				CompletableFuture<Long> reply = super.acknowledge(ids);
				return late.thenCompose((ignored) -> reply);
			}

		};
		AckBatcher acks = new AckBatcher(slow, this.inFlight, this.settler, this.threads.timer(), log(), false);
		acks.add(message);
		acks.flush();
		this.server.destroy();
		this.client.create(message.id().previous().toString());
		assertThat(this.client.read(1, Duration.ZERO, false, Long.MAX_VALUE).join()).hasSize(1);
		InFlightMessage again = new InFlightMessage(message.id(), EntryFields.of(), 1, 0, 0);
		assertThat(this.inFlight.deliver(again, Long.MAX_VALUE / 2)).isFalse();

		late.complete(null);

		assertThat(this.server.pending).isEmpty();
		assertThat(acks.size()).isZero();
	}

	@Test
	void goesOnAfterAnErrorWhenTheTimeHasCome() {
		InFlightMessage message = delivered();
		backoffs().add(message, Duration.ofSeconds(5));
		this.onDue = (due) -> {
			throw new OutOfMemoryError("no thread");
		};
		pass(Duration.ofSeconds(6));
		this.onDue = this.due::add;

		pass(Duration.ofSeconds(1));

		assertThat(this.due).containsExactly(message);
		assertThat(message.stage()).isEqualTo(Stage.DUE);
	}

	@Test
	void goesOnAfterAnErrorWhereALongWaitIsHandedBack() {
		InFlightMessage message = delivered();
		backoffs().add(message, LEASE.multipliedBy(2));
		assertThat(message.stage()).isEqualTo(Stage.WAITING);
		this.wire.fault = Fault.ERROR;
		pass(LEASE.multipliedBy(3).dividedBy(2));
		assertThat(message.stage()).isEqualTo(Stage.WAITING);
		this.wire.fault = Fault.NONE;

		pass(Duration.ofSeconds(1));
		assertThat(message.stage()).isEqualTo(Stage.IN_REDIS);

		pass(LEASE.dividedBy(2));
		assertThat(this.due).containsExactly(message);
	}

	@Test
	void notesTheEndOfALongWaitUntilRedisConfirms() {
		InFlightMessage message = delivered();
		this.wire.fault = Fault.REFUSAL;
		backoffs().add(message, LEASE.multipliedBy(4));
		assertThat(message.stage()).isEqualTo(Stage.WAITING);
		assertThat(this.server.waits).isEmpty();
		this.wire.fault = Fault.NONE;

		pass(LEASE.plusMillis(1));

		assertThat(this.server.waits.get(message.id()).end()).isEqualTo(LEASE.multipliedBy(4).toMillis());
		assertThat(message.stage()).isEqualTo(Stage.WAITING);
	}

	@Test
	void leavesAMessageThatCannotBeOwed() {
		InFlightMessage message = delivered();
		Settler broken = new Settler(GROUP, this.threads.timer(), () -> {
			throw new OutOfMemoryError("heap");
		});
		BackoffMessages backoffs = new BackoffMessages(LEASE, this.client, this.inFlight, broken, this.guard,
				this.reporter, (deleted) -> {
				}, this.due::add, log(), this.nanos::get);

		assertThatExceptionOfType(OutOfMemoryError.class)
			.isThrownBy(() -> backoffs.add(message, Duration.ofSeconds(5)));

		assertThat(message.stage()).isEqualTo(Stage.LEFT);
	}

	@Test
	void attemptsNowWhatWaits() {
		InFlightMessage waiting = delivered();
		InFlightMessage inRedis = delivered();
		BackoffMessages backoffs = backoffs();
		backoffs.add(waiting, LEASE.multipliedBy(2));
		backoffs.add(inRedis, Duration.ofSeconds(30));

		assertThat(backoffs.retryNow(waiting.id())).isTrue();
		assertThat(backoffs.retryNow(inRedis.id())).isTrue();

		assertThat(inRedis.stage()).isEqualTo(Stage.DUE);
		pass(Duration.ofMillis(5));
		assertThat(waiting.stage()).isEqualTo(Stage.DUE);
		assertThat(this.due).containsExactly(inRedis, waiting);
		assertThat(backoffs.retryNow(waiting.id())).isFalse();
	}

	@Test
	void dropsNoDeadLetterHoweverManyAreRefused() {
		DeadLetters deadLetters = deadLetters();
		this.wire.fault = Fault.REFUSAL;
		List<InFlightMessage> messages = new ArrayList<>();
		for (int i = 0; i < 300; i++) {
			InFlightMessage message = delivered();
			messages.add(message);
			deadLetters.move(message, DeadLetterReason.REJECTED, null);
		}
		pass(Duration.ofSeconds(2));
		assertThat(deadLetters.owed()).isEqualTo(300);
		assertThat(messages).extracting(InFlightMessage::stage).containsOnly(Stage.SETTLING);
		this.wire.fault = Fault.NONE;

		pass(Duration.ofSeconds(2));

		assertThat(deadLetters.owed()).isZero();
		assertThat(this.inFlight.size()).isZero();
		assertThat(this.server.otherStreams.values().iterator().next()).hasSize(300)
			.allMatch((letter) -> "rejected".equals(letter.getText(DeadLetterFormat.REASON)));
	}

	@Test
	void releasesAgainWhatRedisRefused() {
		InFlightMessage message = delivered();
		HandBack handBack = handBack();
		this.wire.fault = Fault.REFUSAL;
		handBack.release(List.of(message));
		assertThat(handBack.owed()).isEqualTo(1);
		assertThat(message.stage()).isEqualTo(Stage.LEFT);
		this.wire.fault = Fault.NONE;

		pass(Duration.ofMillis(200));

		assertThat(handBack.owed()).isZero();
		assertThat(deliveries(message)).isZero();
	}

	@Test
	void releasesOnceWhereTheReplyWasLost() {
		InFlightMessage message = delivered();
		this.server.pending.get(message.id()).deliveries = 3;
		HandBack handBack = handBack();
		this.wire.fault = Fault.LOST_REPLY;
		handBack.release(List.of(message));
		this.wire.fault = Fault.NONE;

		pass(Duration.ofMillis(200));

		assertThat(handBack.owed()).isZero();
		assertThat(deliveries(message)).isEqualTo(2);
	}

	private enum Fault {

		NONE, REFUSAL, SILENCE, LOST_REPLY, ERROR

	}

	private static final class UnreliableWire implements FakeGroupClient.Wire {

		private Fault fault = Fault.NONE;

		@Override
		public <T extends @Nullable Object> CompletableFuture<T> send(String command,
				Supplier<CompletableFuture<T>> execution) {
			if (command.startsWith("X")) {
				return NONE.send(command, execution);
			}
			return switch (this.fault) {
				case NONE -> NONE.send(command, execution);
				case REFUSAL -> CompletableFuture.failedFuture(FakeFailures.reply("OOM command not allowed"));
				case SILENCE -> new CompletableFuture<>();
				case LOST_REPLY -> {
					NONE.send(command, execution);
					yield CompletableFuture.failedFuture(FakeFailures.noReply());
				}
				case ERROR -> throw new OutOfMemoryError("heap");
			};
		}

	}

}
