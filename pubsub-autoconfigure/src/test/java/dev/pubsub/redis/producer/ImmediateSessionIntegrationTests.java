package dev.pubsub.redis.producer;

import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What is published after the completion of a transaction, and cannot be.
 */
@RedisTest
@ExtendWith(OutputCaptureExtension.class)
class ImmediateSessionIntegrationTests {

	private final TestRedis redis;

	private final String stream;

	private final String wrong;

	private RedisStreamProducer producer;

	ImmediateSessionIntegrationTests(TestRedis redis) {
		this.redis = redis;
		this.stream = redis.key("orders");
		this.wrong = redis.key("wrong");
	}

	@BeforeEach
	void open() {
		this.producer = RedisStreamProducer.builder(this.redis.connectionFactory())
			.sessionScope(new TransactionSessionScope(SessionScope.none()))
			.build();
		this.redis.execute("SET", this.wrong, "a text");
	}

	@AfterEach
	void close() {
		this.producer.close();
	}

	@Test
	void failsWhereMessageIsAddedAndForgetsIt() {
		ProducerSession session = new ImmediateSession(this.producer.newSession());

		assertThatExceptionOfType(PublishException.class).isThrownBy(() -> session.add(this.wrong, "a"));

		assertThat(session.size()).isZero();
		assertThat(session.add(this.stream, "b").commit()).hasSize(1);
		assertThat(this.redis.xlen(this.stream)).isEqualTo(1);
	}

	@Test
	void springLogsFailureAfterCompletion(CapturedOutput output) {
		TransactionTemplate transaction = new TransactionTemplate(
				new DataSourceTransactionManager(new DriverManagerDataSource("jdbc:h2:mem:immediate")));

		transaction.executeWithoutResult(
				(status) -> TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

					@Override
					public void afterCompletion(int status) {
						ImmediateSessionIntegrationTests test = ImmediateSessionIntegrationTests.this;
						test.producer.session().add(test.wrong, "a");
					}

				}));

		assertThat(output).contains("ERROR", "PublishException", "WRONGTYPE");
	}

}
