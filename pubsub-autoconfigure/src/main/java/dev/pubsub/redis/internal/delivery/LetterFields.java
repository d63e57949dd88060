package dev.pubsub.redis.internal.delivery;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;

import dev.pubsub.redis.DeadLetterFormat;
import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.PubSubException;
import dev.pubsub.redis.internal.FailureText;
import dev.pubsub.redis.internal.SafeText;
import dev.pubsub.redis.internal.redis.GroupClient;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a dead letter says of its message.
 */
final class LetterFields {

	private static final int MOST_STACK_TRACE = 32_000;

	private final DeliverySettings.DeadLettering settings;

	private final GroupClient client;

	private final Clock clock;

	LetterFields(DeliverySettings.DeadLettering settings, GroupClient client, Clock clock) {
		this.settings = settings;
		this.client = client;
		this.clock = clock;
	}

	/**
	 * Return the fields of a dead letter.
	 * @param message the message, with the fields to copy
	 * @param reason why it is given up
	 * @param error why its last attempt failed, if known
	 */
	EntryFields of(InFlightMessage message, DeadLetterReason reason, @Nullable Throwable error) {
		EntryFields.Builder letter = EntryFields.builder()
			.addAll(message.fields())
			.add(DeadLetterFormat.STREAM, this.client.group().stream())
			.add(DeadLetterFormat.ID, message.id().toString())
			.add(DeadLetterFormat.GROUP, this.client.group().group())
			.add(DeadLetterFormat.CONSUMER, this.client.consumer())
			.add(DeadLetterFormat.ATTEMPTS, Integer.toString(message.attempt()))
			.add(DeadLetterFormat.REASON, reason.toString())
			.add(DeadLetterFormat.TIME, Long.toString(this.clock.millis()));
		if (error != null) {
			letter.add(DeadLetterFormat.EXCEPTION, error.getClass().getName());
			if (this.settings.stackTrace()) {
				letter.add(DeadLetterFormat.STACKTRACE, stackTrace(error));
			}
		}
		Decision decision = message.decision();
		String reasonGiven = (decision != null) ? decision.reason() : null;
		String text = (reasonGiven != null) ? SafeText.of(reasonGiven) : messageOf(error);
		if (text != null) {
			letter.add(DeadLetterFormat.MESSAGE, text);
		}
		return letter.build();
	}

	/**
	 * The library's own exceptions quote no values, so that they may always be read.
	 */
	private @Nullable String messageOf(@Nullable Throwable error) {
		boolean wanted = this.settings.message() || error instanceof PubSubException;
		return (wanted && error != null) ? FailureText.messageOf(error) : null;
	}

	private static String stackTrace(Throwable error) {
		StringWriter text = new StringWriter();
		FailureText.loggable(error).printStackTrace(new PrintWriter(text));
		return text.getBuffer().substring(0, Math.min(MOST_STACK_TRACE, text.getBuffer().length()));
	}

}
