/**
 * Bean methods as subscriptions and cron jobs.
 */
@NullMarked
package dev.pubsub.redis.annotation;

import org.jspecify.annotations.NullMarked;
