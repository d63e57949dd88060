package dev.pubsub.redis.internal.delivery;

import dev.pubsub.redis.internal.redis.Outages;

/**
 * What the consumers of one container tell of failures.
 *
 * @param outages what may fail again and again
 * @param stackTraces which stack traces were logged
 */
record FailureReports(Outages outages, StackTraces stackTraces) {

}
