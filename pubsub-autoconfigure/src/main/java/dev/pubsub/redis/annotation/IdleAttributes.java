package dev.pubsub.redis.annotation;

import java.util.ArrayList;
import java.util.List;

import dev.pubsub.redis.listener.AckMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns of attributes that say how to retry where nothing is retried.
 */
final class IdleAttributes {

	private static final Logger logger = LoggerFactory.getLogger(IdleAttributes.class);

	private IdleAttributes() {
	}

	/**
	 * Warn of the attributes of a declaration that have no effect.
	 * @param declaration the declaration
	 * @param ackMode when its messages are acknowledged
	 * @param retryCount how often they are retried
	 */
	static void warn(Declaration declaration, AckMode ackMode, int retryCount) {
		List<String> idle = of(declaration.annotation(), ackMode, retryCount);
		if (!idle.isEmpty()) {
			logger.warn("{} of @StreamSubscribe on {} have no effect, since {}", idle, declaration.location(),
					(ackMode == AckMode.ALWAYS || ackMode == AckMode.NONE)
							? "with 'ackMode' " + ackMode + " nothing is attempted again" : "'retryCount' is 0");
		}
	}

	private static List<String> of(StreamSubscribe annotation, AckMode ackMode, int retryCount) {
		List<String> idle = new ArrayList<>();
		boolean never = ackMode == AckMode.ALWAYS || ackMode == AckMode.NONE;
		boolean retryCountGiven = annotation.retryCount() > 0 || !annotation.retryCountString().isEmpty();
		add(idle, never && retryCountGiven, "retryCount");
		add(idle, (never || retryCount == 0) && isGiven(annotation.backoff()), "backoff");
		add(idle, never && annotation.include().length > 0, "include");
		add(idle, never && annotation.exclude().length > 0, "exclude");
		add(idle, ackMode == AckMode.NONE && !annotation.deadLetter().isEmpty(), "deadLetter");
		return idle;
	}

	private static void add(List<String> idle, boolean applies, String name) {
		if (applies) {
			idle.add(name);
		}
	}

	private static boolean isGiven(Backoff backoff) {
		return backoff.delay() != Long.MIN_VALUE || backoff.maxDelay() != Long.MIN_VALUE
				|| !backoff.delayString().isEmpty() || !backoff.maxDelayString().isEmpty()
				|| !Double.isNaN(backoff.multiplier()) || !Double.isNaN(backoff.jitter());
	}

}
