package dev.pubsub.redis.admin;

/**
 * What to do when a group is to be created for a stream that does not exist.
 *
 * @since 0.1.0
 */
public enum AbsentStream {

	/**
	 * Create an empty stream with the group.
	 */
	CREATE,

	/**
	 * Refuse, as Redis does: {@link StreamAdminException}.
	 */
	REFUSE

}
