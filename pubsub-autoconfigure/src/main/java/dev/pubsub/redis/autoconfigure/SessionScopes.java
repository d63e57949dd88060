package dev.pubsub.redis.autoconfigure;

import dev.pubsub.redis.producer.SessionFlush;
import dev.pubsub.redis.producer.SessionScope;
import dev.pubsub.redis.producer.TransactionSessionScope;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.ClassUtils;

/**
 * Puts the scope of transactions around another where sessions follow transactions.
 */
final class SessionScopes {

	private static final String TRANSACTIONS = "org.springframework.transaction.support.TransactionSynchronizationManager";

	private SessionScopes() {
	}

	static SessionScope of(SessionFlush flush, SessionScope outside) {
		if (flush != SessionFlush.AFTER_COMMIT) {
			return outside;
		}
		if (!ClassUtils.isPresent(TRANSACTIONS, SessionScopes.class.getClassLoader())) {
			throw new InvalidConfigurationPropertyValueException("pubsub.redis.session.flush", "after-commit",
					"There are no transactions without spring-tx on the class path.");
		}
		return new TransactionSessionScope(outside);
	}

}
