package dev.pubsub.redis.listener;

import java.util.Set;

/**
 * State of a container.
 *
 * @since 0.1.0
 */
public enum ContainerState {

	/**
	 * Not started yet, or stopped on purpose.
	 */
	STOPPED,

	/**
	 * Started, but not connected for the first time yet.
	 */
	STARTING,

	/**
	 * Reading.
	 */
	RUNNING,

	/**
	 * Paused on purpose: nothing is read, what runs goes on.
	 */
	PAUSED,

	/**
	 * Letting handlers finish.
	 */
	STOPPING,

	/**
	 * It could not start.
	 */
	FAILED;

	boolean isStartable() {
		return canBecome(STARTING) && this != PAUSED;
	}

	boolean canBecome(ContainerState next) {
		return switch (this) {
			case STOPPED, FAILED -> next == STARTING;
			case STARTING -> Set.of(RUNNING, PAUSED, STOPPING, FAILED).contains(next);
			case RUNNING -> next == PAUSED || next == STOPPING;
			case PAUSED -> Set.of(STARTING, RUNNING, STOPPING).contains(next);
			case STOPPING -> next == STOPPED;
		};
	}

}
