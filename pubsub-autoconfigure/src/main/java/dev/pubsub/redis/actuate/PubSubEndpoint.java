package dev.pubsub.redis.actuate;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.pubsub.redis.listener.StreamListenerContainer;
import dev.pubsub.redis.listener.StreamListenerContainerRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.Selector.Match;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * Endpoint that shows the listener containers, and starts, stops, pauses and resumes
 * single ones. To write needs {@code management.endpoint.pubsub.access=unrestricted}.
 *
 * @since 0.1.0
 */
@Endpoint(id = "pubsub", defaultAccess = Access.READ_ONLY)
public class PubSubEndpoint {

	private final StreamListenerContainerRegistry registry;

	public PubSubEndpoint(StreamListenerContainerRegistry registry) {
		this.registry = registry;
	}

	@ReadOperation
	public PubSubDescriptor containers() {
		return new PubSubDescriptor(this.registry.getContainers().stream().map(ContainerDescriptor::of).toList());
	}

	/**
	 * Return one container.
	 * @param id its id, in the parts between slashes
	 * @return the container, {@code null} if there is none
	 */
	@ReadOperation
	public @Nullable ContainerDescriptor container(@Selector(match = Match.ALL_REMAINING) String[] id) {
		return container(String.join("/", id));
	}

	/**
	 * Return one container.
	 * @param id its id
	 * @return the container, {@code null} if there is none
	 */
	public @Nullable ContainerDescriptor container(String id) {
		return this.registry.getContainer(id).map(ContainerDescriptor::of).orElse(null);
	}

	/**
	 * Do something with a container.
	 * @param id its id, in the parts between slashes
	 * @param action what to do
	 * @return the container afterwards
	 */
	@WriteOperation
	public ContainerDescriptor change(@Selector(match = Match.ALL_REMAINING) String[] id, Action action) {
		return change(String.join("/", id), action);
	}

	/**
	 * Do something with a container.
	 * @param id id of the container
	 * @param action what to do
	 * @return the container afterwards
	 */
	public ContainerDescriptor change(String id, Action action) {
		StreamListenerContainer container = this.registry.getContainer(id)
			.orElseThrow(() -> new InvalidEndpointRequestException("There is no container \"" + id + "\"",
					"There is no such container"));
		switch (action) {
			case START -> container.start();
			case STOP -> container.stop();
			case PAUSE -> container.pause();
			case RESUME -> container.resume();
		}
		return ContainerDescriptor.of(container);
	}

	/**
	 * What to do with a container.
	 */
	public enum Action {

		/** Start it. */
		START,

		/** Let its handlers finish and stop it. */
		STOP,

		/** Read nothing until it is resumed. */
		PAUSE,

		/** Read again. */
		RESUME

	}

	/**
	 * All containers.
	 *
	 * @param containers the containers, in the order of their registration
	 */
	public record PubSubDescriptor(List<ContainerDescriptor> containers) {

	}

	/**
	 * One container.
	 *
	 * @param id its id
	 * @param stream the stream it reads
	 * @param group its consumer group
	 * @param state its state
	 * @param lastPoll when Redis last answered all of its reader loops, if it ever did
	 * @param outages what fails at the moment: activity, since, command, key and reason
	 */
	public record ContainerDescriptor(String id, String stream, String group, String state, @Nullable Instant lastPoll,
			List<Map<String, Object>> outages) {

		static ContainerDescriptor of(StreamListenerContainer container) {
			return new ContainerDescriptor(container.getId(), container.getSubscription().stream(),
					container.getSubscription().group(), container.getState().name().toLowerCase(Locale.ROOT),
					container.getLastPoll(),
					container.getOutages().stream().map(PubSubHealthIndicator::details).toList());
		}

	}

}
