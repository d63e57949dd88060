package dev.pubsub.redis.producer;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.EntryFormat;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.stream.RecordId;
import org.springframework.util.Assert;

/**
 * How one message is published. Immutable: each {@code with} method returns a changed
 * copy, so one instance can be kept in a constant.
 *
 * @since 0.1.0
 */
public final class PublishOptions {

	private static final String ANY_SEQUENCE = "-*";

	private static final int MAX_KEY_LENGTH = 512;

	private static final PublishOptions DEFAULTS = new PublishOptions(Trimming.UNSPECIFIED, null, null, Headers.NONE,
			true, null, null);

	private final Trimming trimming;

	private final @Nullable String id;

	private final @Nullable String key;

	private final Headers headers;

	private final boolean createStream;

	private final @Nullable String idempotencyId;

	private final @Nullable Durability durability;

	private PublishOptions(Trimming trimming, @Nullable String id, @Nullable String key, Headers headers,
			boolean createStream, @Nullable String idempotencyId, @Nullable Durability durability) {
		this.trimming = trimming;
		this.id = id;
		this.key = key;
		this.headers = headers;
		this.createStream = createStream;
		this.idempotencyId = idempotencyId;
		this.durability = durability;
	}

	/**
	 * Return the options of a message that says nothing: Redis gives the id, an absent
	 * stream is created, and the stream is trimmed as the producer's settings say.
	 * @return the options
	 */
	public static PublishOptions defaults() {
		return DEFAULTS;
	}

	/**
	 * Trim the stream to a length when the message is added. Redis removes the oldest
	 * entries <em>even if nobody has read them</em>, unless
	 * {@link #withAcknowledgedOnly(boolean)} says otherwise. Refused beside a minimum id:
	 * Redis trims by one of the two.
	 * @param maxLength greatest length, positive
	 * @return the changed copy
	 */
	public PublishOptions withMaxLength(long maxLength) {
		return withTrimming(this.trimming.withMaxLength(maxLength));
	}

	/**
	 * Remove entries below an id when the message is added, even if nobody has read them.
	 * Refused beside a maximum length: Redis trims by one of the two.
	 * @param minId lowest id to keep, such as {@code RecordId.of("1700000000000-0")}
	 * @return the changed copy
	 */
	public PublishOptions withMinId(RecordId minId) {
		Assert.notNull(minId, "'minId' must not be null");
		return withTrimming(this.trimming.withMinId(minId.getValue()));
	}

	/**
	 * Set whether trimming may leave a few more entries than asked for, which costs Redis
	 * much less. Default is {@code true}.
	 * @param approximate whether a few more may stay
	 * @return the changed copy
	 */
	public PublishOptions withApproximate(boolean approximate) {
		return withTrimming(this.trimming.withApproximate(approximate));
	}

	/**
	 * Set whether trimming spares entries that some consumer group has not acknowledged,
	 * and all entries while there is no group. Needs Redis 8.2; older servers do not trim
	 * then. Default is {@code false}.
	 * @param acknowledgedOnly whether only acknowledged entries are removed
	 * @return the changed copy
	 */
	public PublishOptions withAcknowledgedOnly(boolean acknowledgedOnly) {
		return withTrimming(this.trimming.withAcknowledgedOnly(acknowledgedOnly));
	}

	/**
	 * Trim nothing, whatever the producer's settings say. Replaces a maximum length or a
	 * minimum id.
	 * @return the changed copy
	 */
	public PublishOptions withoutTrimming() {
		return withTrimming(this.trimming.withoutLimit());
	}

	/**
	 * Set the id of the entry. Redis refuses an id that is not above all others of the
	 * stream. Replaces the time of an id.
	 * @param id the id, such as {@code RecordId.of("1700000000000-0")}
	 * @return the changed copy
	 */
	public PublishOptions withId(RecordId id) {
		Assert.notNull(id, "'id' must not be null");
		return withIdText(id.getValue());
	}

	/**
	 * Set the time in the id of the entry, and have Redis number the entries of that
	 * millisecond. Redis refuses a time before that of the last entry. Needs Redis 7.
	 * Replaces an id.
	 * @param time the time, to the millisecond, not before 1970
	 * @return the changed copy
	 */
	public PublishOptions withIdTime(Instant time) {
		Assert.notNull(time, "'time' must not be null");
		return withIdText(time.toEpochMilli() + ANY_SEQUENCE);
	}

	/**
	 * Set the key of the message, such as the number of a customer: field
	 * {@value EntryFormat#KEY} of the entry. Replaces a key.
	 * @param key the key, of 1 to 512 characters
	 * @return the changed copy
	 */
	public PublishOptions withKey(String key) {
		Assert.hasLength(key, "'key' must not be empty: leave it out for a message without a key");
		Assert.isTrue(key.length() <= MAX_KEY_LENGTH,
				() -> "'key' must not have more than " + MAX_KEY_LENGTH + " characters, had " + key.length());
		return new PublishOptions(this.trimming, this.id, key, this.headers, this.createStream, this.idempotencyId,
				this.durability);
	}

	/**
	 * Add a header, or replace the one of the same name.
	 * @param name name of the header, at most 128 characters and no control character
	 * @param value value of the header
	 * @return the changed copy
	 */
	public PublishOptions withHeader(String name, String value) {
		Assert.notNull(name, "'name' must not be null");
		return withHeaders(this.headers.with(name, value));
	}

	/**
	 * Add headers, and replace those of the same name.
	 * @param headers values by name
	 * @return the changed copy
	 */
	public PublishOptions withHeaders(Map<String, String> headers) {
		Assert.notNull(headers, "'headers' must not be null");
		Headers all = this.headers;
		for (Map.Entry<String, String> header : headers.entrySet()) {
			all = all.with(header.getKey(), header.getValue());
		}
		return withHeaders(all);
	}

	/**
	 * Set whether an absent stream is created. If it is not, publishing to it fails.
	 * Default is {@code true}.
	 * @param createStream whether to create it
	 * @return the changed copy
	 */
	public PublishOptions withCreateStream(boolean createStream) {
		return new PublishOptions(this.trimming, this.id, this.key, this.headers, createStream, this.idempotencyId,
				this.durability);
	}

	/**
	 * Give the message an identity, by which Redis recognises that it was published
	 * before: publishing it again adds nothing and answers with the id of the first. How
	 * long Redis remembers is limited, see the chapter on publishing.
	 * @param idempotencyId what identifies the message in its stream, such as the number
	 * of an order
	 * @return the changed copy
	 */
	public PublishOptions withIdempotencyId(String idempotencyId) {
		Assert.hasText(idempotencyId, "'idempotencyId' must not be blank");
		return new PublishOptions(this.trimming, this.id, this.key, this.headers, this.createStream, idempotencyId,
				this.durability);
	}

	/**
	 * Set what must be confirmed before the message counts as published, whatever the
	 * producer's settings say. Messages with and without durability go over connections
	 * of their own, so that one kind may overtake the other.
	 * @param durability what to ask for, such as {@code Durability.ofReplicas(1)}
	 * @return the changed copy
	 */
	public PublishOptions withDurability(Durability durability) {
		Assert.notNull(durability, "'durability' must not be null");
		return new PublishOptions(this.trimming, this.id, this.key, this.headers, this.createStream, this.idempotencyId,
				durability);
	}

	/**
	 * Return the key of the message.
	 * @return the key, {@code null} if it has none
	 */
	public @Nullable String key() {
		return this.key;
	}

	/**
	 * Return the headers.
	 * @return an unmodifiable map
	 */
	public Map<String, String> headers() {
		return this.headers.asMap();
	}

	/**
	 * Return the id of the entry.
	 * @return the id, {@code null} where Redis gives it, in whole or after its time
	 */
	public @Nullable RecordId id() {
		return (this.id != null && !this.id.endsWith(ANY_SEQUENCE)) ? RecordId.of(this.id) : null;
	}

	/**
	 * Return the time in the id of the entry.
	 * @return what {@link #withIdTime} set, else {@code null}
	 */
	public @Nullable Instant idTime() {
		return (this.id != null && this.id.endsWith(ANY_SEQUENCE))
				? Instant.ofEpochMilli(Long.parseLong(this.id.substring(0, this.id.length() - ANY_SEQUENCE.length())))
				: null;
	}

	/**
	 * Return the length that the stream is trimmed to.
	 * @return the greatest length, {@code null} where these options set none
	 */
	public @Nullable Long maxLength() {
		return isWithoutTrimming() ? null : this.trimming.maxLength();
	}

	/**
	 * Return the id below which entries are removed.
	 * @return the lowest id to keep, {@code null} where these options set none
	 */
	public @Nullable RecordId minId() {
		String minId = this.trimming.minId();
		return (minId != null) ? RecordId.of(minId) : null;
	}

	/**
	 * Return whether nothing is trimmed, whatever the producer's settings say.
	 * @return whether {@link #withoutTrimming()} was called
	 */
	public boolean isWithoutTrimming() {
		return this.trimming.isWithoutLimit();
	}

	/**
	 * Return whether trimming may leave a few more entries than asked for.
	 * @return the choice, {@code null} where the producer's settings decide
	 */
	public @Nullable Boolean approximate() {
		return this.trimming.approximate();
	}

	/**
	 * Return whether trimming spares entries that some group has not acknowledged.
	 * @return the choice, {@code null} where the producer's settings decide
	 */
	public @Nullable Boolean acknowledgedOnly() {
		return this.trimming.acknowledgedOnly();
	}

	/**
	 * Return whether an absent stream is created.
	 * @return whether it is; default {@code true}
	 */
	public boolean createStream() {
		return this.createStream;
	}

	/**
	 * Return what identifies the message in its stream.
	 * @return the identity, {@code null} if it has none
	 */
	public @Nullable String idempotencyId() {
		return this.idempotencyId;
	}

	/**
	 * Return the id as Redis takes it, {@code null} for any.
	 */
	@Nullable String idText() {
		return this.id;
	}

	Durability durability(Durability defaults) {
		return (this.durability != null) ? this.durability : defaults;
	}

	void addTo(EntryFields.Builder fields) {
		if (this.key != null) {
			fields.add(EntryFormat.KEY, this.key);
		}
		this.headers.addTo(fields);
	}

	Trimming trimming(Trimming defaults) {
		Trimming decided = this.trimming.orElse(defaults);
		return decided.isLimited() ? decided : Trimming.UNSPECIFIED;
	}

	private PublishOptions withIdText(String id) {
		Assert.isTrue(EntryIds.isNewId(id), () -> "'id' must be an id such as 1700000000000-0, was \"" + id + "\"");
		return new PublishOptions(this.trimming, id, this.key, this.headers, this.createStream, this.idempotencyId,
				this.durability);
	}

	private PublishOptions withTrimming(Trimming trimming) {
		return new PublishOptions(trimming, this.id, this.key, this.headers, this.createStream, this.idempotencyId,
				this.durability);
	}

	private PublishOptions withHeaders(Headers headers) {
		return new PublishOptions(this.trimming, this.id, this.key, headers, this.createStream, this.idempotencyId,
				this.durability);
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return this == other || (other instanceof PublishOptions that && this.trimming.equals(that.trimming)
				&& Objects.equals(this.id, that.id) && Objects.equals(this.key, that.key)
				&& this.headers.equals(that.headers) && this.createStream == that.createStream
				&& Objects.equals(this.idempotencyId, that.idempotencyId)
				&& Objects.equals(this.durability, that.durability));
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.trimming, this.id, this.key, this.headers, this.createStream, this.idempotencyId,
				this.durability);
	}

	/**
	 * Return the options, of the headers the names only, and not the key.
	 */
	@Override
	public String toString() {
		Map<String, Object> parts = new LinkedHashMap<>();
		parts.put("trimming", this.trimming.isWithoutLimit() ? "none" : this.trimming);
		parts.put("id", (this.id != null) ? this.id : "*");
		parts.put("key", (this.key != null) ? "given" : "none");
		parts.put("headers", this.headers.asMap().keySet());
		parts.put("createStream", this.createStream);
		parts.put("idempotencyId", (this.idempotencyId != null) ? this.idempotencyId : "none");
		parts.put("durability", (this.durability != null) ? this.durability : "default");
		return "PublishOptions" + parts;
	}

}
