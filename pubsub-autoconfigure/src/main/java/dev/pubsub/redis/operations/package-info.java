/**
 * What people look at and do in production: subscriptions, streams, dead letters and cron
 * jobs. The endpoint and consoles are built on it.
 */
@NullMarked
package dev.pubsub.redis.operations;

import org.jspecify.annotations.NullMarked;
