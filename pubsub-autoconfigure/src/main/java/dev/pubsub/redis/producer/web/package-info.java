/**
 * Sessions of web requests, servlet and reactive.
 */
@NullMarked
package dev.pubsub.redis.producer.web;

import org.jspecify.annotations.NullMarked;
