package dev.pubsub.redis.internal.delivery;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.FakeFailures;
import dev.pubsub.redis.internal.redis.StreamGroup;
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

	private final GroupGuard guard = new GroupGuard(new FakeGroupClient(this.server, "c1", this.wire), false,
			this.progress,
			new MessageReporter(TestContainers.settings(Subscription.of("orders", "billing", (message, ack) -> {
			})), StreamObserver.NONE, (delay, task) -> {
			}), System::nanoTime);

	/**
	 * This consumer has settled the third entry, and another one began the lost group
	 * after the fifth.
	 */
	@BeforeEach
	void loseTheGroup() {
		for (int i = 1; i <= 6; i++) {
			this.server.add(id(i), EntryFields.of());
		}
		this.progress.add(this.inFlight);
		InFlightMessage third = new InFlightMessage(id(3), EntryFields.of(), 1, 0, 0);
		this.inFlight.add(third);
		this.inFlight.remove(third);
		this.server.beginAgain(id(5), id(5), true);
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
		this.guard.suspectLossOfDeliveries();
		this.wire.broken = true;
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(this.guard::beginAgainIfSuspected);
		assertThat(this.guard.isLossSuspected()).isTrue();

		this.wire.broken = false;
		this.guard.beginAgainIfSuspected();

		assertThat(this.server.delivered).isEqualTo(id(3));
	}

	private static final class FlakyWire implements FakeGroupClient.Wire {

		private boolean broken;

		@Override
		public <T extends @Nullable Object> CompletableFuture<T> send(String command,
				Supplier<CompletableFuture<T>> execution) {
			return this.broken ? CompletableFuture.failedFuture(FakeFailures.notConnected())
					: NONE.send(command, execution);
		}

	}

}
