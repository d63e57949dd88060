package dev.pubsub.redis.internal.redis;

import java.time.Duration;

import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs the scripts of the group {@code billing} for its consumer {@code c1}.
 */
@RedisTest
abstract class GroupScriptsTest {

	final TestRedis redis;

	final String stream;

	final GroupScripts scripts;

	private final BackgroundThreads threads = BackgroundThreads.platform();

	private final StreamConnections connections;

	private final RedisLink link;

	GroupScriptsTest(TestRedis redis) {
		this.redis = redis;
		this.stream = redis.key("orders");
		this.connections = StreamConnections.to(redis.connectionFactory(), this.threads);
		this.link = this.connections.open("test", Duration.ofSeconds(5));
		this.scripts = new GroupScripts(this.link, new StreamGroup(this.stream, "billing"), "c1");
	}

	@BeforeEach
	void connect() throws Exception {
		assertThat(this.link.awaitConnection(Duration.ofSeconds(5))).isTrue();
		this.redis.execute("XGROUP", "CREATE", this.stream, "billing", "0", "MKSTREAM");
	}

	@AfterEach
	void close() {
		this.connections.close();
		this.threads.close();
	}

}
