package dev.pubsub.redis.actuate;

import java.util.Collection;
import java.util.Set;
import java.util.function.Supplier;

import dev.pubsub.redis.actuate.Reads.Query;
import dev.pubsub.redis.actuate.Writes.Command;
import dev.pubsub.redis.operations.OperationException;
import dev.pubsub.redis.operations.PageRequest;
import dev.pubsub.redis.operations.Payloads;
import dev.pubsub.redis.operations.PubSubOperations;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.Selector.Match;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/**
 * What the {@link PubSubEndpoint} answers over the web. A path is that of an area,
 * followed by the id of a subscription or the name of a stream, slashes included. What
 * cannot be done is explained.
 *
 * @since 0.1.0
 */
@EndpointWebExtension(endpoint = PubSubEndpoint.class)
public class PubSubEndpointWebExtension {

	private static final int ACCEPTED = 202;

	private static final int CONFLICT = 409;

	private static final int UNAVAILABLE = 503;

	private final Reads reads;

	private final Writes writes;

	private final Show showPayloads;

	private final Collection<String> roles;

	/**
	 * Create an extension.
	 * @param operations what to look at and to do
	 * @param showPayloads when to show what is in messages
	 * @param roles who may see it, where that depends on who asks; empty for everybody
	 * who is authenticated
	 */
	public PubSubEndpointWebExtension(PubSubOperations operations, Show showPayloads, Collection<String> roles) {
		this.reads = new Reads(operations);
		this.writes = new Writes(operations);
		this.showPayloads = showPayloads;
		this.roles = Set.copyOf(roles);
	}

	/**
	 * Return the subscriptions.
	 * @param limit most of them, 1 to 200; 50 by default
	 * @param after the {@code next} of the page before
	 * @return a page, or a {@link Problem}
	 */
	@ReadOperation
	public WebEndpointResponse<?> subscriptions(@Nullable String limit, @Nullable String after) {
		return answer(() -> this.reads.list(Area.SUBSCRIPTIONS, Inputs.page(limit, after)));
	}

	/**
	 * Return what there is in an area, or a subscription, a stream, or what belongs to
	 * it.
	 * @param path the area, and id of the subscription or name of the stream, in the
	 * parts between slashes
	 * @param group name of a group
	 * @param consumer name of a consumer
	 * @param job name of a cron job
	 * @param from an id or a time where a range begins
	 * @param to an id or a time where a range ends
	 * @param order {@code oldest} or {@code newest} first
	 * @param limit most items of a page, 1 to 200; 50 by default
	 * @param after the {@code next} of the page before
	 * @param security who asks
	 * @return it, or a {@link Problem}
	 */
	@ReadOperation
	public WebEndpointResponse<?> get(@Selector(match = Match.ALL_REMAINING) String[] path, @Nullable String group,
			@Nullable String consumer, @Nullable String job, @Nullable String from, @Nullable String to,
			@Nullable String order, @Nullable String limit, @Nullable String after, SecurityContext security) {
		return answer(() -> {
			Subject subject = Subject.of(path);
			PageRequest page = Inputs.page(limit, after);
			return (subject.name() == null) ? this.reads.list(subject.area(), page) : this.reads.get(subject.area(),
					subject.name(), new Query(group, consumer, job, from, to, order, page), payloads(security));
		});
	}

	/**
	 * Do something with a subscription, a message, dead letters or a cron job.
	 * @param path the area, and id of the subscription or name of the stream, in the
	 * parts between slashes
	 * @param action what to do
	 * @param id id of an entry
	 * @param from an id or a time where a range begins
	 * @param to an id or a time where a range ends
	 * @param group name of a group
	 * @param job name of a cron job
	 * @return what became of it, with status 202 while it goes on, or a {@link Problem}
	 */
	@WriteOperation
	public WebEndpointResponse<?> change(@Selector(match = Match.ALL_REMAINING) String[] path, @Nullable String action,
			@Nullable String id, @Nullable String from, @Nullable String to, @Nullable String group,
			@Nullable String job) {
		return answer(() -> {
			Subject subject = Subject.of(path);
			return this.writes.run(subject.area(), subject.requireName(),
					new Command(action, id, from, to, group, job));
		});
	}

	/**
	 * Delete an idle consumer.
	 * @param path the area of consumers, and name of the stream, in the parts between
	 * slashes
	 * @param group name of the group
	 * @param consumer name of the consumer
	 * @return what was deleted, or a {@link Problem}
	 */
	@DeleteOperation
	public WebEndpointResponse<?> delete(@Selector(match = Match.ALL_REMAINING) String[] path, @Nullable String group,
			@Nullable String consumer) {
		return answer(() -> {
			Subject subject = Subject.of(path);
			return this.writes.delete(subject.area(), subject.requireName(), group, consumer);
		});
	}

	private Payloads payloads(SecurityContext security) {
		return this.showPayloads.isShown(security, this.roles) ? Payloads.SHOWN : Payloads.HIDDEN;
	}

	private static WebEndpointResponse<?> answer(Supplier<Object> operation) {
		try {
			Object result = operation.get();
			return new WebEndpointResponse<>(result, Writes.goesOn(result) ? ACCEPTED : WebEndpointResponse.STATUS_OK);
		}
		catch (OperationException ex) {
			return new WebEndpointResponse<>(new Problem(String.valueOf(ex.getMessage())), status(ex.getKind()));
		}
	}

	private static int status(OperationException.Kind kind) {
		return switch (kind) {
			case INVALID -> WebEndpointResponse.STATUS_BAD_REQUEST;
			case UNKNOWN -> WebEndpointResponse.STATUS_NOT_FOUND;
			case CONFLICT -> CONFLICT;
			case UNAVAILABLE -> UNAVAILABLE;
		};
	}

	/**
	 * Why something was not done.
	 *
	 * @param message a sentence
	 */
	public record Problem(String message) {

	}

}
