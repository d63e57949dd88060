/**
 * One message per fire time per cluster.
 */
@NullMarked
package dev.pubsub.redis.cron;

import org.jspecify.annotations.NullMarked;
