package dev.pubsub.redis.producer;

import java.util.Optional;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Scope of the surrounding transaction: its session is committed after the transaction
 * has committed, and dropped when it rolls back. Knows the transactions that Spring binds
 * to the thread, not reactive ones. A failure to publish reaches the caller of the
 * transactional method; the transaction stays committed.
 * <p>
 * After its completion, where {@code @TransactionalEventListener} methods run, there is
 * nobody left to commit a session: there the session sends each message when it is added,
 * after a rollback, too.
 *
 * @since 0.1.0
 */
public final class TransactionSessionScope implements SessionScope {

	private static final Logger logger = LoggerFactory.getLogger(TransactionSessionScope.class);

	private final SessionScope outside;

	/**
	 * Create a scope.
	 * @param outside the scope to ask where there is no transaction
	 */
	public TransactionSessionScope(SessionScope outside) {
		this.outside = outside;
	}

	@Override
	public Optional<ProducerSession> find(RedisStreamProducer producer) {
		if (!TransactionSynchronizationManager.isActualTransactionActive()) {
			return this.outside.find(producer);
		}
		if (!TransactionSynchronizationManager.isSynchronizationActive()) {
			// It is complete, and Spring takes no more synchronizations.
			return Optional.of(new ImmediateSession(producer.newSession()));
		}
		return current().sessions.find(producer).or(() -> this.outside.find(producer));
	}

	/**
	 * Return what is registered with the current transaction; Spring puts it aside
	 * together with a transaction that it suspends.
	 */
	private Flush current() {
		for (TransactionSynchronization synchronization : TransactionSynchronizationManager.getSynchronizations()) {
			if (synchronization instanceof Flush flush && flush.owner == this) {
				return flush;
			}
		}
		Flush flush = new Flush(this);
		TransactionSynchronizationManager.registerSynchronization(flush);
		return flush;
	}

	private static final class Flush implements TransactionSynchronization {

		private final TransactionSessionScope owner;

		private final ScopedSessions sessions = ScopedSessions.ofOneThread();

		Flush(TransactionSessionScope owner) {
			this.owner = owner;
		}

		@Override
		public void afterCommit() {
			this.sessions.flush();
		}

		@Override
		public void afterCompletion(int status) {
			try {
				if (status == STATUS_COMMITTED) {
					// Others may have added something after the commit, too.
					this.sessions.flush();
				}
			}
			finally {
				end(status);
			}
		}

		private void end(int status) {
			int dropped = this.sessions.end();
			if (dropped > 0 && status == STATUS_COMMITTED) {
				logger.warn("Dropped {} messages of a transaction that was committed: they could not be published",
						dropped);
			}
			else if (dropped > 0 && status == STATUS_UNKNOWN) {
				logger.warn("Dropped {} messages of a transaction of which it is not known whether it was committed",
						dropped);
			}
			else if (dropped > 0) {
				logger.debug("Dropped {} messages of a transaction that was rolled back", dropped);
			}
		}

	}

}
