package dev.pubsub.redis.internal.redis;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import io.lettuce.core.RedisURI;
import io.lettuce.core.protocol.CommandType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link NodeLink} and {@link RoutedLink} while there is no connection.
 */
class NodeLinkTests {

	private final BackgroundThreads threads = BackgroundThreads.platform();

	private final ServerNode node = new ServerNode(RedisURI.create("redis://one"));

	private final Topology topology = new Topology(this.node);

	private final RoutedLink link = new RoutedLink(new LinkSettings("test", "one:6379", KeyPrefix.NONE,
			Duration.ofSeconds(5), Duration.ofSeconds(5), (server) -> {
				throw new IllegalStateException("Away");
			}, new EventLoops(), this.threads, new Reconnects().of("test"), () -> {
			}), this.topology,
			new ServerNodes(new RedisStandaloneConfiguration(), LettuceClientConfiguration.defaultConfiguration()));

	@AfterEach
	void close() {
		this.link.close();
		this.threads.close();
	}

	@Test
	void outageKeepsNothingOfWhatWasGivenUp() {
		WeakReference<byte[]> payload = new WeakReference<>(sendInVain(new byte[1024]));

		await("payload is gone").atMost(Duration.ofSeconds(10)).until(() -> {
			System.gc();
			return payload.get() == null;
		});
	}

	@Test
	void tellsOfTheEndWithoutLock() {
		CompletableFuture<Boolean> free = new CompletableFuture<>();
		NodeLink server = (NodeLink) this.link.linkTo("orders");
		server.whenConnected()
			.whenComplete((connected,
					failure) -> free.complete(CompletableFuture.runAsync(server::whenConnected)
						.orTimeout(5, TimeUnit.SECONDS)
						.handle((done, late) -> late == null)
						.join()));

		server.retire();

		assertThat(free).isCompletedWithValue(true);
	}

	@Test
	void oneServerIsNotLeftForAnotherThatItNames() {
		RedisLink before = this.link.linkTo("orders");

		this.topology.moved(7, this.node, new ServerNode(RedisURI.create("redis://two")));

		assertThat(this.link.linkTo("orders")).isSameAs(before);
	}

	private byte[] sendInVain(byte[] payload) {
		CompletableFuture<Reply> reply = this.link.send(
				Requests.of(CommandType.XADD, Requests.arguments().addKey(payload), (answer) -> answer),
				Deadline.after(Duration.ofMillis(20)));
		assertThat(reply).failsWithin(Duration.ofSeconds(5))
			.withThrowableOfType(ExecutionException.class)
			.withCauseInstanceOf(NotConnectedException.class);
		return payload;
	}

}
