package dev.pubsub.redis.cron;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Optional;

import org.springframework.scheduling.support.CronExpression;
import org.springframework.util.Assert;
import org.springframework.util.StringUtils;

/**
 * The fire times that an expression describes in a time zone. Immutable.
 * <p>
 * Takes six fields with the seconds first, five fields as Unix knows them (the second is
 * then 0), and macros such as {@code @hourly}. Where both the day of the month and the
 * day of the week are restricted a fire time must match both, unlike with Unix. On days
 * when clocks are set, times that do not exist are left out, and times that exist twice
 * fire twice.
 *
 * @since 0.1.0
 */
public final class CronSchedule {

	private static final int FIELDS = 6;

	private static final int UNIX_FIELDS = 5;

	/** Two a year, for longer than leap days and days of the week take to meet. */
	private static final int MOST_STRETCHES = 200;

	private final String text;

	private final CronExpression expression;

	private final ZoneId zone;

	private CronSchedule(String text, CronExpression expression, ZoneId zone) {
		this.text = text;
		this.expression = expression;
		this.zone = zone;
	}

	/**
	 * Return the schedule of an expression.
	 * @param expression six or five fields with spaces, tabs or line breaks between them,
	 * or a macro
	 * @param zone time zone of the fields
	 * @return the schedule
	 * @throws IllegalArgumentException if the expression cannot be read
	 */
	public static CronSchedule parse(String expression, ZoneId zone) {
		Assert.hasText(expression, "A cron expression must not be blank");
		String text = String.join(" ", fields(expression));
		return new CronSchedule(text, read(text), zone);
	}

	private static CronExpression read(String text) {
		if (isUnix(text)) {
			return CronExpression.parse("0 " + text);
		}
		int found = fields(text).length;
		Assert.isTrue(found == FIELDS || CronExpression.isValidExpression(text),
				() -> "Cron expression must consist of 6 fields, 5 without the seconds, or be a macro such as @hourly "
						+ "(found %d in \"%s\")".formatted(found, text));
		return CronExpression.parse(text);
	}

	/**
	 * Return the next fire time. Between two changes of the clocks the offset is fixed:
	 * each such stretch is searched by itself, so that nothing is left out before or
	 * after a change.
	 * @param after an instant
	 * @return the first fire time after it, none if there never is one
	 */
	public Optional<Instant> next(Instant after) {
		ZoneRules rules = this.zone.getRules();
		Instant from = after.plusNanos(1);
		for (int stretch = 0; stretch < MOST_STRETCHES; stretch++) {
			OffsetDateTime next = this.expression.next(from.atOffset(rules.getOffset(from)).minusNanos(1));
			ZoneOffsetTransition change = rules.nextTransition(from);
			if (next == null || change == null || next.toInstant().isBefore(change.getInstant())) {
				return Optional.ofNullable(next).map(OffsetDateTime::toInstant);
			}
			from = change.getInstant();
		}
		return Optional.empty();
	}

	/**
	 * Return the last fire time of a period, in few steps however long it is.
	 * @param after start of the period, not included
	 * @param upTo end of the period, included
	 * @return the last fire time, none if there is none in the period
	 */
	Optional<Instant> latest(Instant after, Instant upTo) {
		Optional<Instant> found = next(after).filter((first) -> !first.isAfter(upTo));
		Instant high = upTo;
		Optional<Instant> following = found.flatMap(this::next).filter((next) -> !next.isAfter(upTo));
		while (following.isPresent()) {
			found = following;
			Instant middle = found.get().plus(Duration.between(found.get(), high).dividedBy(2));
			Optional<Instant> jump = next(middle).filter((next) -> !next.isAfter(upTo));
			if (jump.isPresent()) {
				found = jump;
			}
			else {
				high = middle;
			}
			following = found.flatMap(this::next).filter((next) -> !next.isAfter(upTo));
		}
		return found;
	}

	/**
	 * Return whether the expression would mean something else to Unix: it has five fields
	 * and restricts both the day of the month and the day of the week.
	 * @return {@code true} if Unix would fire on days that match either
	 */
	public boolean differsFromUnix() {
		if (!isUnix(this.text)) {
			return false;
		}
		String[] fields = fields(this.text);
		return isRestricted(fields[2]) && isRestricted(fields[4]);
	}

	/**
	 * Return the expression.
	 * @return the expression as it was given, with one space between its fields
	 */
	public String expression() {
		return this.text;
	}

	public ZoneId zone() {
		return this.zone;
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof CronSchedule schedule && this.expression.equals(schedule.expression)
				&& this.zone.normalized().equals(schedule.zone.normalized());
	}

	@Override
	public int hashCode() {
		return 31 * this.expression.hashCode() + this.zone.normalized().hashCode();
	}

	@Override
	public String toString() {
		return "\"" + this.text + "\" in " + this.zone;
	}

	private static boolean isUnix(String text) {
		return fields(text).length == UNIX_FIELDS;
	}

	private static String[] fields(String text) {
		return StringUtils.tokenizeToStringArray(text, " \t\r\n\f");
	}

	private static boolean isRestricted(String field) {
		return !field.startsWith("*") && !field.equals("?");
	}

}
