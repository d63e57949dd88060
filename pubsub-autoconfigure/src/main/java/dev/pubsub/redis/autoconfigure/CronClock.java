package dev.pubsub.redis.autoconfigure;

import java.time.Clock;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ObjectProvider;

/**
 * Chooses the clock of cron jobs: the application's, where there is exactly one or a
 * primary one, else that of the machine.
 */
final class CronClock {

	private static final Logger logger = LoggerFactory.getLogger(CronClock.class);

	private CronClock() {
	}

	static Clock of(ObjectProvider<Clock> clocks) {
		Clock unique = clocks.getIfUnique();
		if (unique != null) {
			return unique;
		}
		long candidates = clocks.stream().count();
		if (candidates > 1) {
			logger.warn("There are {} Clock beans and none is @Primary: cron jobs follow the clock of this machine",
					candidates);
		}
		return Clock.systemUTC();
	}

}
