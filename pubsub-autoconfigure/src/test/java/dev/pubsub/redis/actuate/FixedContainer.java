package dev.pubsub.redis.actuate;

import java.time.Instant;

import dev.pubsub.redis.listener.ContainerActivity;
import dev.pubsub.redis.listener.ContainerState;
import dev.pubsub.redis.listener.StreamListenerContainer;
import dev.pubsub.redis.listener.Subscription;
import org.jspecify.annotations.Nullable;

/**
 * A container that only has a state.
 */
class FixedContainer implements StreamListenerContainer {

	private final Subscription subscription = Subscription.of("orders", "billing", (message, acknowledgment) -> {
	});

	private final @Nullable Instant lastPoll;

	private ContainerState state;

	private ContainerActivity activity = ContainerActivity.NONE;

	FixedContainer(ContainerState state, @Nullable Instant lastPoll) {
		this.state = state;
		this.lastPoll = lastPoll;
	}

	@Override
	public String getId() {
		return this.subscription.id();
	}

	@Override
	public Subscription getSubscription() {
		return this.subscription;
	}

	@Override
	public ContainerState getState() {
		return this.state;
	}

	@Override
	public @Nullable Instant getLastPoll() {
		return this.lastPoll;
	}

	@Override
	public ContainerActivity getActivity() {
		return this.activity;
	}

	FixedContainer withActivity(ContainerActivity activity) {
		this.activity = activity;
		return this;
	}

	@Override
	public void start() {
		this.state = ContainerState.STARTING;
	}

	@Override
	public void stop() {
		this.state = ContainerState.STOPPED;
	}

	@Override
	public void pause() {
		this.state = ContainerState.PAUSED;
	}

	@Override
	public void resume() {
		this.state = ContainerState.RUNNING;
	}

	@Override
	public boolean isRunning() {
		return this.state != ContainerState.STOPPED;
	}

}
