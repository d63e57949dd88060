package dev.pubsub.redis.internal.redis;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

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

	private final AtomicReference<@Nullable OutageLog> speaker;

	private final @Nullable Outages whole;

	private final List<OutageLog> logs = new CopyOnWriteArrayList<>();

	private final Set<Outages> parts = ConcurrentHashMap.newKeySet();

	/**
	 * Create outages without any.
	 * @param clock wall clock, for what people read
	 * @param ticker monotonic nanoseconds
	 * @param refusedDelay time between attempts of what is refused
	 */
	public Outages(Clock clock, LongSupplier ticker, Duration refusedDelay) {
		this(clock, ticker, refusedDelay, new AtomicReference<>(), null);
	}

	private Outages(Clock clock, LongSupplier ticker, Duration refusedDelay,
			AtomicReference<@Nullable OutageLog> speaker, @Nullable Outages whole) {
		this.clock = clock;
		this.ticker = ticker;
		this.refusedDelay = refusedDelay;
		this.speaker = speaker;
		this.whole = whole;
	}

	/**
	 * Return outages of something that ends before the whole does.
	 * @return a part of these
	 */
	public Outages part() {
		Outages part = new Outages(this.clock, this.ticker, this.refusedDelay, this.speaker, this);
		this.parts.add(part);
		return part;
	}

	/**
	 * End: what failed of this part is no outage any more, and what still fails is
	 * neither told nor shown.
	 */
	public void end() {
		if (this.whole != null) {
			this.whole.parts.remove(this);
		}
		this.parts.forEach(Outages::end);
		this.logs.forEach(OutageLog::end);
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
		Stream<Outage> own = this.logs.stream()
			.map((log) -> log.present(this.clock.instant()))
			.filter(Objects::nonNull);
		return Stream.concat(own, this.parts.stream().flatMap((part) -> part.present().stream())).toList();
	}

}
