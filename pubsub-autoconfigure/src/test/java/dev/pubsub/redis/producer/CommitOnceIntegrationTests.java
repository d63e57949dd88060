package dev.pubsub.redis.producer;

import java.time.Duration;

import dev.pubsub.redis.test.FaultProxy;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the end of a transaction makes of messages that its method has committed itself.
 */
@RedisTest
class CommitOnceIntegrationTests {

	private final TestRedis redis;

	private final String stream;

	private final FaultProxy proxy;

	private final LettuceConnectionFactory factory;

	private final RedisStreamProducer producer;

	private final TransactionTemplate transaction = new TransactionTemplate(
			new DataSourceTransactionManager(new DriverManagerDataSource("jdbc:h2:mem:scope")));

	CommitOnceIntegrationTests(TestRedis redis) {
		this.redis = redis;
		this.stream = redis.key("orders");
		this.proxy = FaultProxy.to(redis.host(), redis.port());
		this.factory = this.proxy.connectionFactory();
		this.producer = RedisStreamProducer.builder(this.factory)
			.options(ProducerOptions.defaults().withTimeout(Duration.ofSeconds(1)))
			.sessionScope(new TransactionSessionScope(SessionScope.none()))
			.build();
	}

	@AfterEach
	void close() {
		this.producer.close();
		this.factory.destroy();
		this.proxy.close();
	}

	@Test
	void whatTheMethodCommittedItselfWithoutAReplyIsNotSentAgainByTheTransaction() {
		this.producer.newSession().add(this.redis.key("warm"), "x").commit();

		this.transaction.executeWithoutResult((status) -> {
			this.producer.session().add(this.stream, "x");
			this.proxy.mode(FaultProxy.Mode.SWALLOW_REPLIES);
			try {
				this.producer.session().commit();
			}
			catch (PublishException ex) {
				assertThat(ex.results().get(0).status()).isEqualTo(PublishResult.Status.UNKNOWN);
				this.proxy.mode(FaultProxy.Mode.NORMAL);
			}
		});

		assertThat(this.redis.xlen(this.stream)).isOne();
	}

	@Test
	void rejectedOnesTriedAgainByRetryableAreNotSentTwice() {
		this.redis.execute("SET", this.stream, "text");

		this.transaction.executeWithoutResult((status) -> {
			this.producer.session().add(this.stream, "x");
			try {
				this.producer.session().commit();
			}
			catch (PublishException ex) {
				this.redis.execute("DEL", this.stream);
				ex.retryable().commit();
			}
		});

		assertThat(this.redis.xlen(this.stream)).isOne();
	}

}
