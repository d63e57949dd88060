package dev.pubsub.redis.annotation;

import java.time.Duration;
import java.time.ZoneId;

import dev.pubsub.redis.listener.RetryBackoff;
import dev.pubsub.redis.listener.ContainerOptions;
import dev.pubsub.redis.listener.DeadLetterPolicy;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link StreamSubscribe} leaves out.
 *
 * @param group consumer group
 * @param retryCount redeliveries after the first attempt
 * @param timeout how long one attempt may run, or {@code null} when nobody said so
 * @param backoff time between attempts, or {@code null} when nobody said so
 * @param options how a container reads
 * @param deadLetters where messages go that are given up
 * @param cronZone time zone of cron expressions
 * @since 0.1.0
 */
public record SubscriptionDefaults(String group, int retryCount, @Nullable Duration timeout,
		@Nullable RetryBackoff backoff, ContainerOptions options, DeadLetterPolicy deadLetters, ZoneId cronZone) {

}
