package dev.pubsub.redis.actuate;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import dev.pubsub.redis.actuate.PubSubEndpoint.Action;
import dev.pubsub.redis.actuate.PubSubEndpoint.ContainerDescriptor;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.Selector.Match;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/**
 * What the {@link PubSubEndpoint} answers over the web: the id of a container is the rest
 * of the path, slashes included, and whatever cannot be done is explained.
 *
 * @since 0.1.0
 */
@EndpointWebExtension(endpoint = PubSubEndpoint.class)
public class PubSubEndpointWebExtension {

	private final PubSubEndpoint endpoint;

	public PubSubEndpointWebExtension(PubSubEndpoint endpoint) {
		this.endpoint = endpoint;
	}

	/**
	 * Return one container.
	 * @param id its id, in the parts between slashes
	 * @return the container, or status 404 with a {@link Problem}
	 */
	@ReadOperation
	public WebEndpointResponse<?> container(@Selector(match = Match.ALL_REMAINING) String[] id) {
		ContainerDescriptor container = this.endpoint.container(id(id));
		return (container != null) ? new WebEndpointResponse<>(container) : unknown(id(id));
	}

	/**
	 * Do something with a container.
	 * @param id its id, in the parts between slashes
	 * @param action name of the {@link Action}, in upper or lower case
	 * @return the container afterwards, or status 400 or 404 with a {@link Problem}
	 */
	@WriteOperation
	public WebEndpointResponse<?> change(@Selector(match = Match.ALL_REMAINING) String[] id, @Nullable String action) {
		if (this.endpoint.container(id(id)) == null) {
			return unknown(id(id));
		}
		for (Action known : Action.values()) {
			if (known.name().equalsIgnoreCase(action)) {
				return new WebEndpointResponse<>(this.endpoint.change(id(id), known));
			}
		}
		return problem(WebEndpointResponse.STATUS_BAD_REQUEST,
				"'action' must be one of %s, was %s".formatted(actions(), (action != null) ? action : "not given"));
	}

	private WebEndpointResponse<Problem> unknown(String id) {
		List<String> ids = this.endpoint.containers().containers().stream().map(ContainerDescriptor::id).toList();
		return problem(WebEndpointResponse.STATUS_NOT_FOUND, "There is no container \"%s\", but %s".formatted(id, ids));
	}

	private static WebEndpointResponse<Problem> problem(int status, String message) {
		return new WebEndpointResponse<>(new Problem(message), status);
	}

	private static String id(String[] parts) {
		return String.join("/", parts);
	}

	private static List<String> actions() {
		return Arrays.stream(Action.values()).map((action) -> action.name().toLowerCase(Locale.ROOT)).toList();
	}

	/**
	 * Why something was not done.
	 *
	 * @param message a sentence
	 */
	public record Problem(String message) {

	}

}
