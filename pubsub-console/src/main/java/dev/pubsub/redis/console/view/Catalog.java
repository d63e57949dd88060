package dev.pubsub.redis.console.view;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

import dev.pubsub.redis.console.http.Parameters;
import dev.pubsub.redis.console.http.RefusedException;
import dev.pubsub.redis.console.view.Sample.State;
import dev.pubsub.redis.cron.CronJobStatus;
import dev.pubsub.redis.cron.CronScheduler;
import dev.pubsub.redis.listener.StreamListenerContainer;
import dev.pubsub.redis.listener.StreamListenerContainerRegistry;
import dev.pubsub.redis.monitor.Backlog;
import dev.pubsub.redis.operations.StreamOperations;
import dev.pubsub.redis.operations.StreamStatus;

/**
 * The subscriptions, streams and cron jobs that the application has. The console shows
 * these and no other keys, whatever a request asks for. Thread-safe.
 */
public final class Catalog {

	private final StreamListenerContainerRegistry registry;

	private final CronScheduler scheduler;

	private final StreamOperations streams;

	private final Function<String, Optional<Backlog>> backlogs;

	private final Activity activity;

	/**
	 * Create a catalogue.
	 * @param registry the containers
	 * @param scheduler the cron jobs
	 * @param streams the streams
	 * @param backlogs returns how much waits, by the id of a subscription
	 * @param activity what the containers did
	 */
	public Catalog(StreamListenerContainerRegistry registry, CronScheduler scheduler, StreamOperations streams,
			Function<String, Optional<Backlog>> backlogs, Activity activity) {
		this.registry = registry;
		this.scheduler = scheduler;
		this.streams = streams;
		this.backlogs = backlogs;
		this.activity = activity;
	}

	Collection<StreamListenerContainer> containers() {
		return this.registry.getContainers();
	}

	List<CronJobStatus> jobs() {
		return this.scheduler.getJobs();
	}

	Optional<Backlog> backlog(String container) {
		return this.backlogs.apply(container);
	}

	Activity.Counts counts(String container) {
		return this.activity.counts(container);
	}

	StreamListenerContainer container(String id) {
		return this.registry.getContainer(id)
			.orElseThrow(() -> RefusedException.notFound("There is no subscription " + Parameters.quoted(id) + "."));
	}

	/**
	 * Return the state of each container, for the {@link History}.
	 */
	Map<String, State> states() {
		Map<String, State> states = new HashMap<>();
		for (StreamListenerContainer container : containers()) {
			Optional<Backlog> backlog = backlog(container.getId());
			states.put(container.getId(),
					new State(counts(container.getId()),
							backlog.flatMap((known) -> Numbers.known(known.getLag())).orElse(null),
							backlog.map(Backlog::getPending).orElse(null)));
		}
		return states;
	}

	/**
	 * Return the subscriptions of a stream, or of a partition.
	 */
	List<StreamListenerContainer> containers(String stream) {
		return containers().stream()
			.filter((container) -> container.getSubscription().streams().contains(stream))
			.toList();
	}

	/**
	 * Return the names of all streams, without dead-letter streams, in order.
	 */
	List<String> streams() {
		return this.streams.names();
	}

	/**
	 * Ask Redis about streams, all of them at once.
	 * @param names names of streams of this application
	 */
	List<StreamStatus> ask(List<String> names) {
		return this.streams.getAll(names);
	}

	/**
	 * Return where the dead letters of a stream are, one or more.
	 */
	List<String> deadLetterStreams(String stream) {
		return this.streams.deadLetterStreams(stream);
	}

	/**
	 * Return the dead-letter stream that a request names, the first one by default.
	 */
	String place(Parameters parameters) {
		String stream = stream(parameters);
		List<String> places = deadLetterStreams(stream);
		String place = parameters.optional("place").orElse(places.get(0));
		if (!places.contains(place)) {
			throw RefusedException.notFound("The dead letters of %s are in %s, not in %s."
				.formatted(Parameters.quoted(stream), places, Parameters.quoted(place)));
		}
		return place;
	}

	/**
	 * Return what the operations call that dead-letter stream: by its stream where that
	 * has no other one.
	 */
	String placeName(Parameters parameters) {
		String place = place(parameters);
		String stream = stream(parameters);
		return (deadLetterStreams(stream).size() == 1) ? stream : place;
	}

	/**
	 * Return the stream that a request names.
	 * @param parameters of the request
	 * @return the name of a stream of this application, no dead-letter stream
	 */
	String stream(Parameters parameters) {
		String stream = parameters.required("stream");
		if (!streams().contains(stream)) {
			throw RefusedException.notFound("This application has no stream " + Parameters.quoted(stream)
					+ ": no subscription, no cron job and no setting below pubsub.redis.streams names it.");
		}
		return stream;
	}

}
