package dev.pubsub.redis.internal.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.FakeFailures;
import dev.pubsub.redis.internal.redis.KnownProgress;
import dev.pubsub.redis.internal.redis.StreamGroup;
import dev.pubsub.redis.listener.AckMode;
import dev.pubsub.redis.listener.ContainerOptions;
import dev.pubsub.redis.listener.Subscription;
import dev.pubsub.redis.listener.TestContainers;
import dev.pubsub.redis.observe.StreamObserver;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class GroupGuardTests {

	private final FakeGroup server = new FakeGroup(new StreamGroup("orders", "billing"), () -> 0);

	private final FlakyWire wire = new FlakyWire();

	private final InFlightMessages inFlight = new InFlightMessages();

	private final GroupProgress progress = new GroupProgress();

	private final GroupGuard guard = guard(this.inFlight, AckMode.ON_SUCCESS);

	/**
	 * This consumer has settled the third entry, and another one began the lost group
	 * after the fifth.
	 */
	@BeforeEach
	void loseTheGroup() {
		for (int i = 1; i <= 6; i++) {
			this.server.add(id(i), EntryFields.of());
		}
		InFlightMessage third = new InFlightMessage(id(3), EntryFields.of(), 1, 0, 0);
		this.inFlight.add(third);
		this.inFlight.read(id(3));
		this.inFlight.remove(third);
		this.server.beginAgain(new KnownProgress(id(5), id(5), null, true, 0));
	}

	private GroupGuard guard(InFlightMessages inFlight, AckMode ackMode) {
		Subscription subscription = Subscription.of("orders", "billing", (message, ack) -> {
		}).withOptions(ContainerOptions.defaults().withAckMode(ackMode));
		DeliverySettings settings = TestContainers.settings(subscription);
		return new GroupGuard(new FakeGroupClient(this.server, "c1", this.wire), settings.reading(), inFlight,
				this.progress, new MessageReporter(settings, StreamObserver.NONE, (delay, task) -> {
				}), System::nanoTime);
	}

	/**
	 * Another node has the group go on.
	 */
	private void goesOnElsewhere(long settled) {
		this.server.destroy();
		this.server.beginAgain(new KnownProgress(id(settled), id(settled), null, true, Long.MAX_VALUE));
	}

	private void lookForMissed(InFlightMessages inFlight, GroupGuard guard) throws Exception {
		guard.suspectLossOfDeliveries(inFlight.missed());
		guard.beginAgainIfSuspected();
	}

	private static EntryId id(long millis) {
		return new EntryId(millis, 0);
	}

	@Test
	void leavesTheGroupWhereItIsWhenAllIsSettled() throws Exception {
		this.guard.suspectLoss();
		this.guard.beginAgainIfSuspected();

		assertThat(this.server.delivered).isEqualTo(id(5));
		assertThat(this.guard.isLossSuspected()).isFalse();
	}

	@Test
	void movesTheGroupBackBeforeWhatIsNotSettled() throws Exception {
		this.inFlight.leave(id(2), 1);
		this.guard.suspectLoss();
		this.guard.beginAgainIfSuspected();

		assertThat(this.server.delivered).isEqualTo(id(2).previous());
	}

	@Test
	void remembersItsDoubtsWhenRedisIsAway() throws Exception {
		this.inFlight.missed(id(3));
		this.guard.suspectLossOfDeliveries(this.inFlight.missed());
		this.wire.broken = true;
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(this.guard::beginAgainIfSuspected);
		assertThat(this.guard.isLossSuspected()).isTrue();

		this.wire.broken = false;
		this.guard.beginAgainIfSuspected();

		assertThat(this.server.delivered).isEqualTo(id(3));
		assertThat(this.inFlight.missed()).isNull();
	}

	@Test
	void suspectsALossUntilRedisHasAnswered() throws Exception {
		List<Boolean> suspected = new ArrayList<>();
		this.wire.onSend = () -> suspected.add(this.guard.isLossSuspected());

		this.guard.suspectLoss();
		this.guard.beginAgainIfSuspected();

		assertThat(suspected).containsExactly(true);
		assertThat(this.guard.isLossSuspected()).isFalse();
	}

	/**
	 * A group begins again after the second entry, its third and fourth are lost with a
	 * reply, and it begins again after the fifth: all without this consumer.
	 */
	@Test
	void findsOutFromWhereTheGroupBeganAgainWithoutIt() throws Exception {
		this.guard.suspectLoss();
		this.guard.beginAgainIfSuspected();
		this.inFlight.read(id(6));
		goesOnElsewhere(2);
		goesOnElsewhere(5);

		this.inFlight.missed(id(6));
		lookForMissed(this.inFlight, this.guard);

		assertThat(this.server.delivered).isEqualTo(id(2));
		assertThat(this.progress.settledUpTo()).isEqualTo(id(2));
	}

	@Test
	void movesNoGroupBackForALostReplyOfAGroupThatWasNotLost() throws Exception {
		this.guard.suspectLoss();
		this.guard.beginAgainIfSuspected();

		this.inFlight.missed(id(3));
		lookForMissed(this.inFlight, this.guard);

		assertThat(this.server.delivered).isEqualTo(id(5));
	}

	/**
	 * Another consumer of the container has read, and settled, what is behind it.
	 */
	@Test
	void movesTheGroupBackForALostReplyHoweverFarOthersAre() throws Exception {
		InFlightMessages further = new InFlightMessages();
		GroupGuard other = guard(further, AckMode.ON_SUCCESS);
		further.read(id(6));
		this.inFlight.missed(id(3));
		goesOnElsewhere(6);
		other.suspectLoss();
		other.beginAgainIfSuspected();
		assertThat(this.guard.isLossSuspected()).as("a loss that another consumer knows of").isTrue();

		lookForMissed(this.inFlight, this.guard);

		assertThat(this.server.delivered).isEqualTo(id(3));
	}

	@Test
	void createsTheGroupBeforeWhatIsMissedOrBeganAgainWithoutIt() throws Exception {
		this.guard.suspectLoss();
		this.guard.beginAgainIfSuspected();
		this.inFlight.read(id(6));
		this.inFlight.missed(id(4));
		this.server.destroy();
		this.guard.beginAgain();
		assertThat(this.server.delivered).isEqualTo(id(4));

		this.inFlight.read(id(6));
		goesOnElsewhere(2);
		this.server.destroy();
		this.guard.beginAgain();
		assertThat(this.server.delivered).isEqualTo(id(2));
	}

	/**
	 * A consumer that starts while no other has noticed the loss, and that is to have new
	 * messages only, does not keep the others from having theirs.
	 */
	@Test
	void movesTheGroupBackThatAStartMadeAgain() throws Exception {
		this.server.destroy();
		this.server.begin(id(6));
		this.inFlight.leave(id(2), 1);

		this.guard.suspectLoss();
		this.guard.beginAgainIfSuspected();

		assertThat(this.server.delivered).isEqualTo(id(2).previous());
	}

	@Test
	void startsNothingAgainThatRedisSettledAsItWasDelivered() throws Exception {
		InFlightMessages inFlight = new InFlightMessages();
		GroupGuard guard = guard(inFlight, AckMode.NONE);
		inFlight.add(new InFlightMessage(id(4), EntryFields.of(), 1, 0, 0));
		inFlight.read(id(4));
		inFlight.missed(id(1));

		this.server.destroy();
		guard.beginAgain();
		assertThat(this.server.delivered).isEqualTo(id(4));

		goesOnElsewhere(6);
		guard.beginAgain();
		assertThat(this.server.delivered).isEqualTo(id(6));
	}

	private static final class FlakyWire implements FakeGroupClient.Wire {

		private boolean broken;

		private Runnable onSend = () -> {
		};

		@Override
		public <T extends @Nullable Object> CompletableFuture<T> send(String command,
				Supplier<CompletableFuture<T>> execution) {
			this.onSend.run();
			return this.broken ? CompletableFuture.failedFuture(FakeFailures.notConnected())
					: NONE.send(command, execution);
		}

	}

}
