package dev.pubsub.redis.admin;

import java.util.List;

import dev.pubsub.redis.internal.redis.RedisFault;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.stream.RecordId;

/**
 * Redrives the dead letters of a range, page by page. One that Redis refuses for what is
 * in it does not hold up those behind it, and is reported in the end. Not thread-safe.
 */
final class RangeRedrive {

	private static final int PAGE = 100;

	private final StreamAdmin admin;

	private final String stream;

	private long redriven;

	private long refused;

	private @Nullable StreamAdminException firstRefusal;

	RangeRedrive(StreamAdmin admin, String stream) {
		this.admin = admin;
		this.stream = stream;
	}

	/**
	 * Redrive what is there now.
	 * @param range which dead letters
	 * @return how many
	 * @throws StreamAdminException if not all of them, or Redis is away
	 */
	long run(IdRange range) {
		String deadLetters = this.admin.deadLetterStream(this.stream);
		List<StoredMessage> newest = this.admin.reverseRange(deadLetters, range, 1);
		if (newest.isEmpty()) {
			return 0;
		}
		RecordId end = newest.get(0).id();
		IdRange left = range.withTo(end);
		RecordId last = null;
		while (!end.equals(last)) {
			List<StoredMessage> page = this.admin.range(deadLetters, left, PAGE);
			if (page.isEmpty()) {
				break;
			}
			// A page of large letters is short, so that says nothing.
			page.forEach(this::redrive);
			last = page.get(page.size() - 1).id();
			left = left.withFromAfter(last);
		}
		if (this.firstRefusal != null) {
			throw new StreamAdminException("Redrove %d dead letters of %s, but not %d of them: %s".formatted(
					this.redriven, this.stream, this.refused, this.firstRefusal.getMessage()), this.firstRefusal);
		}
		return this.redriven;
	}

	private void redrive(StoredMessage letter) {
		if (!DeadLetter.of(letter).hasMessage()) {
			return;
		}
		try {
			this.redriven += this.admin.redrive(this.stream, letter.id()).isPresent() ? 1 : 0;
		}
		catch (StreamAdminException ex) {
			if (RedisFault.of(ex) != RedisFault.OTHER_REPLY) {
				throw ex;
			}
			this.refused++;
			this.firstRefusal = (this.firstRefusal != null) ? this.firstRefusal : ex;
		}
	}

}
