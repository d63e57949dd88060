package dev.pubsub.redis.internal.redis;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

import dev.pubsub.redis.Outage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * All that may fail again and again for one subscription or job, and what fails now.
 * Thread-safe.
 */
public final class Outages {

	/**
	 * How long to wait before a command is tried again that Redis will refuse until
	 * somebody changes rights, passwords or keys.
	 */
	public static final Duration REFUSED_DELAY = Duration.ofSeconds(60);

	private final Clock clock;

	private final LongSupplier ticker;

	private final Duration refusedDelay;

	private final AtomicReference<@Nullable OutageLog> speaker = new AtomicReference<>();

	private final List<OutageLog> logs = new CopyOnWriteArrayList<>();

	/**
	 * Create outages without any.
	 * @param clock wall clock, for what people read
	 * @param ticker monotonic nanoseconds
	 * @param refusedDelay time between attempts of what is refused
	 */
	public Outages(Clock clock, LongSupplier ticker, Duration refusedDelay) {
		this.clock = clock;
		this.ticker = ticker;
		this.refusedDelay = refusedDelay;
	}

	/**
	 * Return a log of something that may fail.
	 * @param logger where to log
	 * @param activity what may fail, such as {@code Reading from orders (group billing)}
	 * @return the log
	 */
	public OutageLog log(Logger logger, String activity) {
		OutageLog log = new OutageLog(logger, activity, this.ticker, this.refusedDelay, this.speaker);
		this.logs.add(log);
		return log;
	}

	/**
	 * Return what fails now.
	 * @return the outages, in no order
	 */
	public List<Outage> present() {
		return this.logs.stream().map((log) -> log.present(this.clock.instant())).filter(Objects::nonNull).toList();
	}

}
