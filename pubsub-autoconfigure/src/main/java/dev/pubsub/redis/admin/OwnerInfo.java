package dev.pubsub.redis.admin;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Who owns a stream for a group whose subscription is ordered.
 *
 * @param owner name of the consumer, {@code null} while the stream has no owner
 * @param token token of the owner, or of the last one; 0 before the first
 * @param lease how long its lease is valid without another renewal
 * @param standby how many other instances wait; one that died counts for a minute
 * @since 0.1.0
 */
public record OwnerInfo(@Nullable String owner, long token, Duration lease, int standby) {

}
