package dev.pubsub.redis.producer;

import java.time.Duration;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.internal.redis.AddOptions;
import dev.pubsub.redis.internal.redis.AddScript;
import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.PartitionScripts;
import dev.pubsub.redis.internal.redis.RedisRequest;
import dev.pubsub.redis.internal.redis.StreamCommands;
import org.jspecify.annotations.Nullable;

/**
 * A message that is encoded and ready to be sent, as often as it takes. It knows whether
 * Redis has it, so that no session that holds it sends it a second time.
 */
final class OutgoingEntry {

	private final String published;

	private volatile String stream;

	private volatile @Nullable PartitionRoute route;

	/** Why the partition of the route has not taken it. */
	private volatile @Nullable MovedPartitionException moved;

	/** Why it has no partition. */
	private volatile @Nullable Throwable refusal;

	/** What it has to leave when it has a result. */
	private volatile @Nullable GenerationGate gate;

	/** Where it was to go when observers were told. */
	private volatile String observed;

	private final EntryFields fields;

	private final PublishOptions options;

	private final Trimming trimming;

	private final Duration idempotencyWindow;

	private final Durability durability;

	private final int size;

	private volatile boolean sent;

	private volatile boolean inDoubt;

	OutgoingEntry(String stream, EntryFields fields, PublishOptions options, ProducerOptions defaults) {
		this.published = stream;
		this.stream = stream;
		this.observed = stream;
		this.fields = fields;
		this.options = options;
		this.trimming = options.trimming(defaults.trimming());
		this.idempotencyWindow = defaults.idempotencyWindow();
		this.durability = options.durability(defaults.durability()).shorterThan(defaults.timeout());
		this.size = sizeOf(fields);
	}

	/**
	 * Return where it goes: the stream that it was published to, or the partition once it
	 * is known.
	 */
	String stream() {
		return this.stream;
	}

	/**
	 * Return the stream that it was published to, which may have partitions.
	 */
	String published() {
		return this.published;
	}

	/**
	 * Send it to a partition of its stream, for as long as that takes messages: sent
	 * again to another one, it would be out of order.
	 */
	void route(PartitionRoute route) {
		this.route = route;
		this.stream = route.partition();
		this.moved = null;
		this.refusal = null;
	}

	@Nullable PartitionRoute route() {
		return this.route;
	}

	/**
	 * Return why the partition of its route has not taken it, {@code null} if it may.
	 */
	@Nullable MovedPartitionException moved() {
		return this.moved;
	}

	/**
	 * Take note that no partition is known that takes it.
	 */
	void refuse(Throwable cause) {
		this.refusal = cause;
	}

	/**
	 * Return why it cannot be sent, {@code null} if it can.
	 */
	@Nullable Throwable refusal() {
		return this.refusal;
	}

	/**
	 * Return whether it has an order.
	 */
	boolean hasKey() {
		return this.options.key() != null;
	}

	void entered(GenerationGate gate) {
		this.gate = gate;
	}

	/**
	 * It has a result: those of its key may go to other partitions.
	 */
	void leave() {
		GenerationGate left = this.gate;
		if (left != null) {
			this.gate = null;
			left.leave();
		}
	}

	/**
	 * Take note of where it goes when observers are told.
	 */
	void observe() {
		this.observed = this.stream;
	}

	/**
	 * Return where it was to go when observers were told.
	 */
	String observed() {
		return this.observed;
	}

	/**
	 * Return whether its stream may be created.
	 */
	boolean mayCreate() {
		return this.options.createStream();
	}

	/**
	 * Return what decides about its partition: its key, else its idempotency id, which
	 * only its partition remembers.
	 * @return {@code null} if any partition will do
	 */
	@Nullable String routingKey() {
		String key = this.options.key();
		return (key != null) ? key : this.options.idempotencyId();
	}

	/**
	 * Return whether it is recognised when it was published before.
	 */
	boolean isIdempotent() {
		return this.options.idempotencyId() != null;
	}

	/**
	 * Return the size of all fields in bytes.
	 */
	int size() {
		return this.size;
	}

	/**
	 * Return the number of fields.
	 */
	int fields() {
		return this.fields.size();
	}

	boolean isSent() {
		return this.sent;
	}

	/**
	 * Return whether Redis may have it, and would add it once more.
	 */
	boolean mayBeAddedTwice() {
		return this.inDoubt && !this.sent && this.options.idempotencyId() == null;
	}

	/**
	 * Take note that it is not known whether Redis has it.
	 */
	void doubt() {
		this.inDoubt = true;
	}

	/**
	 * Return whether more than the reply of the server is asked for.
	 */
	boolean isDurable() {
		return !this.durability.isNone();
	}

	Durability durability() {
		return this.durability;
	}

	/**
	 * Return whether the request depends on what the server can do.
	 */
	boolean needsFeatures() {
		return this.options.idempotencyId() != null || trimsSafely() || this.durability.isFsync();
	}

	/**
	 * Check that the server can do what the message needs, before it is sent.
	 */
	ServerFeatures checked(ServerFeatures features) {
		if (this.durability.isFsync() && !features.confirmsDisks()) {
			throw new IllegalStateException(
					"Durability with fsync needs Redis 7.2 or later, and a server that tells its version");
		}
		return features;
	}

	RedisRequest<@Nullable EntryId> request(ServerFeatures features) {
		boolean untrimmed = trimsSafely() && !features.acknowledgedTrimming();
		Trimming effective = untrimmed ? Trimming.UNSPECIFIED : this.trimming;
		String message = this.options.idempotencyId();
		if (message == null) {
			return plainRequest(addOptions(effective, null));
		}
		if (features.idempotence() && this.options.idText() == null) {
			return plainRequest(addOptions(effective, idempotence(message)));
		}
		return AddScript.once(this.stream, message, this.idempotencyWindow, this.fields, addOptions(effective, null));
	}

	/**
	 * Take note of the reply.
	 */
	PublishResult settle(@Nullable EntryId id, @Nullable Throwable failure) {
		if (failure != null) {
			return (this.route != null && PartitionScripts.isSealed(failure))
					? moved(MovedPartitionException.sealed(this.stream)) : PublishResult.failed(this.stream, failure);
		}
		if (id == null) {
			return (this.route != null) ? moved(MovedPartitionException.absent(this.stream))
					: PublishResult.rejected(this.stream, absent());
		}
		this.sent = true;
		return PublishResult.sent(this.stream, id.toRecordId());
	}

	private PublishResult moved(MovedPartitionException reason) {
		this.moved = reason;
		return PublishResult.rejected(this.stream, reason);
	}

	/**
	 * Return why it is not sent where nothing is.
	 */
	IllegalStateException absent() {
		return new IllegalStateException("Stream \"" + this.stream + "\" does not exist, and was not to be created");
	}

	private static int sizeOf(EntryFields fields) {
		int[] size = new int[1];
		fields.forEach((name, value) -> size[0] += name.length + value.length);
		return size[0];
	}

	private RedisRequest<@Nullable EntryId> plainRequest(AddOptions addOptions) {
		return addOptions.acknowledgedOnly() ? AddScript.trimLast(this.stream, this.fields, addOptions)
				: StreamCommands.addRequest(this.stream, this.fields, addOptions);
	}

	private boolean trimsSafely() {
		return this.trimming.isLimited() && this.trimming.isAcknowledgedOnly();
	}

	private AddOptions addOptions(Trimming effective, AddOptions.@Nullable Idempotence idempotence) {
		return new AddOptions(this.options.idText(), effective.maxLength(), effective.minId(),
				effective.isApproximate(), effective.isLimited() && effective.isAcknowledgedOnly(), createsStream(),
				idempotence);
	}

	/**
	 * A partition exists, or its layout is another one by now.
	 */
	private boolean createsStream() {
		PartitionRoute way = this.route;
		return this.options.createStream() && (way == null || way.creates());
	}

	/**
	 * Spread the messages over many producer ids: Redis remembers the last hundred
	 * messages of each only.
	 */
	private static AddOptions.Idempotence idempotence(String message) {
		return new AddOptions.Idempotence("pubsub-" + (message.hashCode() & 0xff), message);
	}

}
