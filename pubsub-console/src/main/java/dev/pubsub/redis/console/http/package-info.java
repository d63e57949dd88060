/**
 * HTTP without a web framework: requests and responses, files, and who may do what.
 */
@NullMarked
package dev.pubsub.redis.console.http;

import org.jspecify.annotations.NullMarked;
