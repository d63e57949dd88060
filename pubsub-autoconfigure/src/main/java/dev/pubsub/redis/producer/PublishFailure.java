package dev.pubsub.redis.producer;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Words the exception for a list of results.
 */
final class PublishFailure {

	private PublishFailure() {
	}

	static PublishException of(List<PublishResult> results, ProducerSession retryable) {
		Throwable cause = cause(results);
		String reason = (cause != null && cause.getMessage() != null) ? ": " + cause.getMessage() : "";
		return new PublishException(text(results) + reason, results, retryable, cause);
	}

	private static String text(List<PublishResult> results) {
		long rejected = count(results, PublishResult.Status.REJECTED);
		long unknown = count(results, PublishResult.Status.UNKNOWN);
		if (results.size() > 1) {
			return "Of " + results.size() + " messages " + rejected + " were not published, and of " + unknown
					+ " it is not known";
		}
		String stream = "stream \"" + results.get(0).stream() + "\"";
		return (unknown == 0) ? "Message not published to " + stream
				: "It is not known whether the message was published to " + stream;
	}

	private static long count(List<PublishResult> results, PublishResult.Status status) {
		return results.stream().filter((result) -> result.status() == status).count();
	}

	private static @Nullable Throwable cause(List<PublishResult> results) {
		for (PublishResult result : results) {
			if (result.cause() != null) {
				return result.cause();
			}
		}
		return null;
	}

}
