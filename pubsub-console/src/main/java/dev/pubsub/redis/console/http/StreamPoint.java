package dev.pubsub.redis.console.http;

import java.time.Instant;

import dev.pubsub.redis.admin.IdRange;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.stream.RecordId;

/**
 * A place in a stream: an entry or a time.
 *
 * @param id the entry, {@code null} where it is a time
 * @param time the time, {@code null} where it is an entry
 */
public record StreamPoint(@Nullable RecordId id, @Nullable Instant time) {

	/**
	 * Return a range that begins here.
	 * @param range a range
	 * @return the range with another begin
	 */
	public IdRange from(IdRange range) {
		return (this.id != null) ? range.withFrom(this.id) : (this.time != null) ? range.withFrom(this.time) : range;
	}

	/**
	 * Return a range that ends here.
	 * @param range a range
	 * @return the range with another end
	 */
	public IdRange to(IdRange range) {
		return (this.id != null) ? range.withTo(this.id) : (this.time != null) ? range.withTo(this.time) : range;
	}

}
