package dev.pubsub.redis.producer;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

import dev.pubsub.redis.internal.FailureText;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells an observer of what is sent and what becomes of it. Thread-safe.
 */
final class ObservedSends {

	private static final Logger logger = LoggerFactory.getLogger(ObservedSends.class);

	private final PublishObserver observer;

	private volatile boolean told;

	ObservedSends(PublishObserver observer) {
		this.observer = observer;
	}

	/**
	 * A message is about to be sent; {@link #end} follows.
	 */
	void begin(OutgoingEntry entry) {
		try {
			entry.observe();
			this.observer.onSend(entry.observed());
		}
		catch (Throwable ex) {
			failed(ex);
		}
	}

	/**
	 * A message was sent, or not.
	 * @param result what became of it, {@code null} when sending broke off
	 * @param failure why it broke off, if that is known
	 */
	void end(OutgoingEntry entry, @Nullable PublishResult result, @Nullable Throwable failure) {
		try {
			this.observer
				.onResult((result != null) ? result.of(entry.observed()) : PublishResult.unknown(entry.observed(),
						(failure != null) ? failure : new IllegalStateException("Sending broke off")));
		}
		catch (Throwable ex) {
			failed(ex);
		}
	}

	List<PublishResult> sendAll(List<OutgoingEntry> entries, Supplier<List<PublishResult>> send) {
		entries.forEach(this::begin);
		List<PublishResult> results = null;
		try {
			results = send.get();
			return results;
		}
		finally {
			end(entries, results, null);
		}
	}

	CompletableFuture<List<PublishResult>> sendAllAsync(List<OutgoingEntry> entries,
			Supplier<CompletableFuture<List<PublishResult>>> send) {
		entries.forEach(this::begin);
		return send.get().handle((results, failure) -> {
			end(entries, results, failure);
			return orThrow(results, failure);
		});
	}

	static <T> T orThrow(@Nullable T result, @Nullable Throwable failure) {
		if (result != null) {
			return result;
		}
		throw (failure instanceof CompletionException wrapped) ? wrapped : new CompletionException(failure);
	}

	private void end(List<OutgoingEntry> entries, @Nullable List<PublishResult> results, @Nullable Throwable failure) {
		for (int i = 0; i < entries.size(); i++) {
			end(entries.get(i), (results != null) ? results.get(i) : null, failure);
		}
	}

	/**
	 * What fails on one message mostly fails on each.
	 */
	private void failed(Throwable failure) {
		if (!this.told) {
			this.told = true;
			logger.warn("Publish observer {} failed; more of its failures are logged at DEBUG",
					this.observer.getClass().getName(), FailureText.loggable(failure));
		}
		else {
			logger.debug("Publish observer {} failed", this.observer.getClass().getName(),
					FailureText.loggable(failure));
		}
	}

}
