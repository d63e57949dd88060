package dev.pubsub.redis.operations;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.pubsub.redis.internal.FailureText;
import dev.pubsub.redis.internal.SafeText;
import dev.pubsub.redis.listener.ContainerActivity;
import dev.pubsub.redis.listener.ContainerState;
import dev.pubsub.redis.listener.StreamListenerContainer;
import dev.pubsub.redis.listener.StreamListenerContainerRegistry;
import dev.pubsub.redis.listener.Subscription;
import dev.pubsub.redis.operations.OperationException.Kind;
import dev.pubsub.redis.operations.SubscriptionStatus.InFlight;
import dev.pubsub.redis.operations.SubscriptionStatus.Owner;
import dev.pubsub.redis.operations.SubscriptionStatus.Threads;
import org.jspecify.annotations.Nullable;

/**
 * {@link SubscriptionOperations} over the containers of this application.
 */
final class DefaultSubscriptionOperations implements SubscriptionOperations {

	private static final int STOP_SECONDS = 3;

	private final StreamListenerContainerRegistry containers;

	private final Backlogs backlogs;

	private final Clock clock;

	DefaultSubscriptionOperations(StreamListenerContainerRegistry containers, Backlogs backlogs, Clock clock) {
		this.containers = containers;
		this.backlogs = backlogs;
		this.clock = clock;
	}

	@Override
	public Page<SubscriptionStatus> list(PageRequest page) {
		Page<StreamListenerContainer> some = Listing.of(new ArrayList<>(this.containers.getContainers()),
				StreamListenerContainer::getId, page);
		Map<String, BacklogStatus> waiting = this.backlogs
			.of(some.items().stream().map(StreamListenerContainer::getSubscription).toList());
		return Listing.map(some, (container) -> status(container, waiting.get(container.getId())));
	}

	@Override
	public SubscriptionStatus get(String id) {
		return status(container(id));
	}

	@Override
	public SubscriptionStatus start(String id) {
		StreamListenerContainer container = container(id);
		try {
			container.start();
		}
		catch (RuntimeException ex) {
			throw new OperationException(Kind.UNAVAILABLE,
					"Cannot start \"" + SafeText.of(id) + "\": " + FailureText.reasonOf(ex), ex);
		}
		return status(container);
	}

	@Override
	public SubscriptionStatus stop(String id) {
		StreamListenerContainer container = container(id);
		CountDownLatch stopped = new CountDownLatch(1);
		container.stop(stopped::countDown);
		try {
			boolean done = stopped.await(STOP_SECONDS, TimeUnit.SECONDS);
			return status(container, done ? this.backlogs.of(container.getSubscription()) : null);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return status(container, null);
		}
	}

	@Override
	public SubscriptionStatus pause(String id) {
		StreamListenerContainer container = container(id);
		container.pause();
		if (container.getState() != ContainerState.PAUSED) {
			throw OperationException
				.conflict("\"%s\" cannot be paused: it is %s".formatted(SafeText.of(id), state(container)));
		}
		return status(container);
	}

	@Override
	public SubscriptionStatus resume(String id) {
		StreamListenerContainer container = container(id);
		container.resume();
		ContainerState state = container.getState();
		if (state != ContainerState.RUNNING && state != ContainerState.STARTING) {
			throw OperationException
				.conflict("\"%s\" cannot be resumed: it is %s".formatted(SafeText.of(id), state(container)));
		}
		return status(container);
	}

	private static String state(StreamListenerContainer container) {
		return container.getState().name().toLowerCase(Locale.ROOT);
	}

	private StreamListenerContainer container(String id) {
		return this.containers.getContainer(id)
			.orElseThrow(() -> OperationException
				.unknown("There is no subscription \"%s\", but %s".formatted(SafeText.of(id), KnownStreams
					.some(this.containers.getContainers().stream().map(StreamListenerContainer::getId).toList()))));
	}

	private SubscriptionStatus status(StreamListenerContainer container) {
		return status(container, this.backlogs.of(container.getSubscription()));
	}

	private SubscriptionStatus status(StreamListenerContainer container, @Nullable BacklogStatus backlog) {
		Subscription subscription = container.getSubscription();
		ContainerActivity activity = container.getActivity();
		@Nullable Diagnosis diagnosis = Diagnosis.of(container, this.clock.instant()).orElse(null);
		@Nullable Instant badSince = (diagnosis != null) ? diagnosis.since() : null;
		List<OutageStatus> outages = container.getOutages().stream().map(OutageStatus::of).toList();
		int loops = subscription.options().ordered() ? 1 : subscription.options().processes();
		int threads = subscription.options().threads() * loops;
		Map<String, Owner> owners = new TreeMap<>(Comparator.comparingInt(subscription.streams()::indexOf));
		container.getOwnerships()
			.forEach((stream, present) -> owners.put(stream,
					new Owner(present.owner(), present.token(), present.isHere(), present.standby())));
		Owner owner = owners.remove(subscription.stream());
		return new SubscriptionStatus(container.getId(), subscription.stream(), subscription.group(),
				subscription.deadLetterStream(), container.getState(), container.getStateSince(), diagnosis == null,
				(diagnosis != null) ? diagnosis.reason() : null, badSince, container.getLastPoll(),
				new Threads(threads, activity.busy(), activity.stuck()),
				new InFlight(activity.queued(), activity.running(), activity.waiting(), activity.settling()), backlog,
				owner, owners, outages);
	}

}
