package dev.pubsub.redis.producer;

import dev.pubsub.redis.PubSubException;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.stream.RecordId;

/**
 * The cause of a {@link PublishException} for a message that Redis has added, but that
 * replicas or disks did not confirm as its {@link Durability} asks. The message is in its
 * stream under {@link #getId()}, and consumers read it; a failover may lose it.
 *
 * @since 0.1.0
 */
public class NotConfirmedException extends PubSubException {

	private final String stream;

	private final transient RecordId id;

	private final transient Durability durability;

	private final int replicas;

	/**
	 * Create an exception.
	 * @param stream key of the stream
	 * @param id id of the entry
	 * @param durability what was asked for
	 * @param replicas number of replicas that confirmed
	 * @param cause why the server did not answer the question, {@code null} if it did
	 */
	public NotConfirmedException(String stream, RecordId id, Durability durability, int replicas,
			@Nullable Throwable cause) {
		super("Entry " + id + " of stream \"" + stream + "\" was added, but not confirmed: "
				+ reason(durability, replicas, cause), cause);
		this.stream = stream;
		this.id = id;
		this.durability = durability;
		this.replicas = replicas;
	}

	private static String reason(Durability durability, int replicas, @Nullable Throwable cause) {
		if (cause != null) {
			return String.valueOf(cause.getMessage());
		}
		String disks = durability.isFsync() ? " and the server's own disk" : "";
		return replicas + " of " + durability.replicas() + " replicas" + disks + " within " + durability.timeout();
	}

	public String getStream() {
		return this.stream;
	}

	/**
	 * Return the id under which the message is in its stream.
	 * @return the id of the entry
	 */
	public RecordId getId() {
		return this.id;
	}

	public Durability getDurability() {
		return this.durability;
	}

	/**
	 * Return how many replicas had the message in time.
	 * @return number of replicas
	 */
	public int getReplicas() {
		return this.replicas;
	}

}
