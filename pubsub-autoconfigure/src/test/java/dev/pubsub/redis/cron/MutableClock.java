package dev.pubsub.redis.cron;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * A clock that stands still until a test sets it.
 */
final class MutableClock extends Clock {

	private volatile Instant time;

	MutableClock(String time) {
		this.time = Instant.parse(time);
	}

	void set(String time) {
		this.time = Instant.parse(time);
	}

	@Override
	public Instant instant() {
		return this.time;
	}

	@Override
	public ZoneId getZone() {
		return ZoneOffset.UTC;
	}

	@Override
	public Clock withZone(ZoneId zone) {
		throw new UnsupportedOperationException();
	}

}
