package dev.pubsub.redis.producer;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.context.support.GenericApplicationContext;
import org.springframework.data.redis.connection.stream.RecordId;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalApplicationListener;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class TransactionSessionScopeTests {

	private final SessionScope scope = new TransactionSessionScope(SessionScope.none());

	private final RecordingProducer producer = new RecordingProducer(this.scope);

	private final ProducerSession injected = ProducerSession.current(this.producer, this.scope);

	private final TransactionTemplate transaction = new TransactionTemplate(
			new DataSourceTransactionManager(new DriverManagerDataSource("jdbc:h2:mem:scope")));

	@Test
	void commitsAfterTransactionHasCommitted() {
		this.transaction.executeWithoutResult((status) -> {
			this.producer.session().add("orders", "a");
			this.injected.add("orders", "b");
			assertThat(this.producer.commits()).isEmpty();
		});

		assertThat(this.producer.commits()).containsExactly(List.of("a", "b"));
	}

	@Test
	void sendsNothingOnRollback() {
		this.transaction.executeWithoutResult((status) -> {
			this.injected.add("orders", "a");
			status.setRollbackOnly();
		});

		assertThat(this.producer.commits()).isEmpty();
	}

	@Test
	void keepsInnerTransactionApart() {
		TransactionTemplate inner = new TransactionTemplate(this.transaction.getTransactionManager());
		inner.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);

		this.transaction.executeWithoutResult((outer) -> {
			this.injected.add("orders", "outer");
			inner.executeWithoutResult((status) -> this.injected.add("orders", "inner"));
			outer.setRollbackOnly();
		});

		assertThat(this.producer.commits()).containsExactly(List.of("inner"));
	}

	@Test
	void commitsWhatIsPublishedAfterCommit() {
		this.transaction.executeWithoutResult((status) -> afterCommit(() -> this.injected.add("orders", "late")));

		assertThat(this.producer.commits()).containsExactly(List.of("late"));
	}

	@Test
	void commitsWhatIsPublishedAfterItHasCommittedTheRest() {
		this.transaction.executeWithoutResult((status) -> {
			this.injected.add("orders", "a");
			afterCommit(() -> this.injected.add("orders", "late"));
		});

		assertThat(this.producer.commits()).containsExactly(List.of("a"), List.of("late"));
	}

	@ParameterizedTest
	@EnumSource(names = { "AFTER_COMMIT", "AFTER_ROLLBACK" })
	void sendsAtOnceWhatTransactionalEventListenerPublishes(TransactionPhase phase) {
		listenInTransaction(phase, () -> {
			this.producer.session().add("orders", "a");
			this.injected.add("orders", "b");
		});

		assertThat(this.producer.commits()).containsExactly(List.of("a"), List.of("b"));
	}

	@Test
	void returnsIdsToTransactionalEventListenerThatCommits() {
		List<RecordId> ids = new ArrayList<>();
		listenInTransaction(TransactionPhase.AFTER_COMMIT,
				() -> ids.addAll(this.producer.session().add("orders", "a").add("orders", "b").commit()));

		assertThat(ids).containsExactly(RecordId.of(1, 0), RecordId.of(2, 0));
	}

	@Test
	void injectedSessionFailsWithoutTransaction() {
		assertThatIllegalStateException().isThrownBy(() -> this.injected.add("orders", "a"))
			.withMessageContaining("newSession");
	}

	@Test
	void sessionIsNewWithoutTransaction() {
		assertThat(this.producer.session()).isNotSameAs(this.producer.session());
	}

	private void listenInTransaction(TransactionPhase phase, Runnable listener) {
		try (GenericApplicationContext context = new GenericApplicationContext()) {
			context.addApplicationListener(
					TransactionalApplicationListener.forPayload(phase, (payload) -> listener.run()));
			context.refresh();
			this.transaction.executeWithoutResult((status) -> {
				context.publishEvent("an event");
				if (phase == TransactionPhase.AFTER_ROLLBACK) {
					status.setRollbackOnly();
				}
			});
		}
	}

	private static void afterCommit(Runnable action) {
		TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

			@Override
			public void afterCommit() {
				action.run();
			}

		});
	}

}
