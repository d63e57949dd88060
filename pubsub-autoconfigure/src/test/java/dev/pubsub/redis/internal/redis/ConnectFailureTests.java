package dev.pubsub.redis.internal.redis;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisConnectionException;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.RedisSocketConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What people read when there is no connection.
 */
class ConnectFailureTests {

	private static String text(Throwable cause) {
		LinkName link = new LinkName("producer", "queue.example:6379");
		return String
			.valueOf(NotConnectedException.of(link, new RedisConnectionException("wrapped", cause)).getMessage());
	}

	@Test
	void namesAddressCauseAndCure() {
		assertThat(text(new ConnectException("Connection refused: queue.example/10.0.0.1:6379")))
			.isEqualTo("Not connected to Redis at queue.example:6379 (producer connection): Connection refused: "
					+ "queue.example/10.0.0.1:6379. Is Redis running there, and is the address right "
					+ "(spring.data.redis.* or pubsub.redis.url)?");
		assertThat(text(new UnknownHostException("queue.example"))).contains("unknown host queue.example",
				"is the address right");
		UnknownHostException resolved = new UnknownHostException("Failed to resolve 'queue.example'");
		resolved.initCause(new IllegalStateException("Query failed with NXDOMAIN"));
		assertThat(text(resolved)).contains("unknown host (Query failed with NXDOMAIN). Is Redis");
	}

	@Test
	void tellsSentinelsFromTheServersTheyWatch() {
		assertThat(text(new SentinelException("s1:26379", new RedisCommandExecutionException("WRONGPASS invalid"))))
			.contains("WRONGPASS", "spring.data.redis.sentinel.username");
		assertThat(text(new SentinelException("s1:26379",
				new RedisCommandExecutionException("ERR No such master with that name"))))
			.contains("No such master", "spring.data.redis.sentinel.master");
		assertThat(text(new RedisCommandExecutionException("NOPERM no permissions to run the 'cluster|nodes' command")))
			.contains("cluster|nodes", "Give the user that right");
	}

	@Test
	void answerTellsMoreThanADeadAddress() {
		Throwable dead = new RedisConnectionException("wrapped", new ConnectException("Connection refused"));
		Throwable unknown = new RedisConnectionException("wrapped", new UnknownHostException("queue.example"));
		Throwable silent = new RedisCommandTimeoutException("Connection initialization timed out");
		Throwable tls = new RedisConnectionException("wrapped", new SSLHandshakeException("PKIX path building failed"));
		Throwable refused = new RedisConnectionException("wrapped", new RedisCommandExecutionException("WRONGPASS"));

		assertThat(Stream.of(refused, dead, tls, silent, unknown).map(ConnectFailure::weight)).containsExactly(3, 0, 2,
				1, 0);
	}

	/**
	 * The driver says so when the server closes a connection at once.
	 */
	@Test
	void namesWhatEndsConnectionsAtOnce() {
		for (String words : Set.of("RedisHandshakeHandler not registered", "Connection closed prematurely")) {
			assertThat(text(new IllegalStateException(words)))
				.contains("the server closed the connection at once", "Does that port expect TLS")
				.doesNotContain(words);
		}
	}

	@Test
	void namesAddressBeforeTheFirstAttemptEnded() {
		assertThat(NotConnectedException.of(new LinkName("producer", "queue.example:6379"), null))
			.hasMessageContaining("queue.example:6379")
			.hasMessageContaining("has not ended yet");
	}

	@Test
	void pointsToWhatIsWrong() {
		assertThat(text(new RedisCommandExecutionException("WRONGPASS invalid username-password pair")))
			.contains("WRONGPASS", "Check user and password");
		assertThat(text(new RedisCommandExecutionException("WRONGPASS invalid username-password pair.")))
			.contains("pair. Check user and password");
		assertThat(text(new RedisCommandExecutionException("NOAUTH Authentication required.")))
			.contains("Check user and password");
		assertThat(text(new SSLHandshakeException("PKIX path building failed"))).contains("PKIX", "Check TLS");
		assertThat(text(new RedisCommandTimeoutException("Connection initialization timed out")))
			.contains("expect TLS");
	}

	@Test
	void tellsNoCredentials() {
		assertThat(text(new IllegalStateException("Unable to reach redis://user:geheim@queue.example:6379")))
			.contains("redis://***@queue.example")
			.doesNotContain("geheim", "user");
		assertThat(text(new IllegalStateException("Unable to reach redis://user:a/b@geheim@queue.example:6379")))
			.contains("redis://***@queue.example")
			.doesNotContain("geheim", "user");
		RedisStandaloneConfiguration server = new RedisStandaloneConfiguration("queue.example", 6380);
		server.setUsername("user");
		server.setPassword("geheim");
		assertThat(ServerAddress.of(server, true)).isEqualTo("queue.example:6380 with TLS");
	}

	@Test
	void namesAllServersOfAGroup() {
		assertThat(ServerAddress.of(new RedisClusterConfiguration(Set.of("b:2", "a:1")), false))
			.isEqualTo("cluster a:1,b:2");
		assertThat(ServerAddress.of(new RedisSentinelConfiguration("mymaster", Set.of("a:1")), false))
			.isEqualTo("master \"mymaster\" of the Sentinels a:1");
		assertThat(ServerAddress.of(new RedisSocketConfiguration("/run/redis.sock"), false))
			.isEqualTo("/run/redis.sock");
	}

	@Test
	void namesCommandAndKeyOfAnErrorButNoArguments() {
		CommandFailedException failure = CommandFailedException.of("XADD", "orders",
				"ERR unknown command 'XADD', with args beginning with: 'orders' '*' 'payload' 'geheim'");

		assertThat(failure).hasMessage("XADD on orders: ERR unknown command 'XADD'");
		assertThat(failure.getCause()).hasMessageNotContaining("geheim");
		assertThat(RedisFault.of(failure)).isEqualTo(RedisFault.UNSUPPORTED);
	}

}
