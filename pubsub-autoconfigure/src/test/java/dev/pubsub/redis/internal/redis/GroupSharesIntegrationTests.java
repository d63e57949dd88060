package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.redis.GroupShares.Owned;
import dev.pubsub.redis.internal.redis.Shares.Share;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@RedisTest
class GroupSharesIntegrationTests {

	private final TestRedis redis;

	private final StreamGroup group;

	private final BackgroundThreads threads = BackgroundThreads.platform();

	private final StreamConnections connections;

	private final RedisLink link;

	GroupSharesIntegrationTests(TestRedis redis) {
		this.redis = redis;
		this.group = new StreamGroup(redis.key("orders"), "billing");
		this.connections = StreamConnections.to(redis.connectionFactory(), this.threads);
		this.link = this.connections.open("test", Duration.ofSeconds(5)).following(this.group.stream());
	}

	@BeforeEach
	void connect() throws Exception {
		assertThat(this.link.awaitConnection(Duration.ofSeconds(5))).isTrue();
	}

	@AfterEach
	void close() {
		this.connections.close();
		this.threads.close();
	}

	@Test
	void tellsWhoIsThereAndWhatEachOwns() throws Exception {
		assertThat(share("a", Map.of("p1", new Owned("c1", 7), "p2", new Owned("c2", 8))))
			.isEqualTo(new Shares(List.of("a"), Map.of("p1", new Share("a", "c1", 7), "p2", new Share("a", "c2", 8))));

		Shares both = share("b", Map.of("p3", new Owned("c3", 9)));

		assertThat(both.instances()).containsExactlyInAnyOrder("a", "b");
		assertThat(both.shares()).containsOnlyKeys("p1", "p2", "p3").containsEntry("p3", new Share("b", "c3", 9));
	}

	@Test
	void consumersMayHaveSpacesInTheirNames() throws Exception {
		assertThat(share("a", Map.of("p1", new Owned("Order Service 1-c1", 7))).shares())
			.isEqualTo(Map.of("p1", new Share("a", "Order Service 1-c1", 7)));
	}

	@Test
	void forgetsWhatAnInstanceOwnsNoMore() throws Exception {
		share("a", Map.of("p1", new Owned("c1", 7), "p2", new Owned("c2", 8)));
		share("ab", Map.of("p3", new Owned("c3", 9)));

		assertThat(share("a", Map.of("p2", new Owned("c2", 8))).shares()).containsOnlyKeys("p2", "p3");
	}

	@Test
	void believesTheGreaterTokenOfTwo() throws Exception {
		share("a", Map.of("p1", new Owned("c1", 7)));
		share("b", Map.of("p1", new Owned("c2", 1_795_811_569_224_619L)));

		assertThat(share("a", Map.of("p1", new Owned("c1", 1_795_811_569_224_618L))).shares())
			.containsExactly(Map.entry("p1", new Share("b", "c2", 1_795_811_569_224_619L)));
	}

	@Test
	void forgetsAnInstanceThatLeaves() throws Exception {
		share("a", Map.of("p1", new Owned("c1", 7)));
		share("b", Map.of("p2", new Owned("c2", 8)));

		assertThat(get(shares(30_000).leave("a"))).isTrue();

		assertThat(get(shares(30_000).leave("a"))).isFalse();
		assertThat(share("b", Map.of()).instances()).containsExactly("b");
	}

	@Test
	void forgetsAnInstanceThatIsSilent() throws Exception {
		get(shares(1).share("a", Map.of()));

		await().untilAsserted(() -> assertThat(get(shares(1).share("b", Map.of())).instances()).containsExactly("b"));
	}

	@Test
	void forgetsSharesThatNoInstanceWrote() throws Exception {
		String shares = "{" + this.group.stream() + "}:billing:shares";
		this.redis.execute("HSET", shares, "p1", "junk", "p2", "x y", "p3", "gone c9 9223372036854775807", "p4",
				"b c4 4x", "p5", "b 7", "p6", "b c6 99999999999999999999");
		share("b", Map.of());

		assertThat(share("a", Map.of("p1", new Owned("c1", 7), "p3", new Owned("c3", 8))).shares())
			.isEqualTo(Map.of("p1", new Share("a", "c1", 7), "p3", new Share("a", "c3", 8)));
	}

	@Test
	void forgetsAnInstanceThatIsSilentAfterTheClockWasSetBack() throws Exception {
		this.redis.execute("ZADD", "{" + this.group.stream() + "}:billing:members", "99999999999999", "b");

		assertThat(get(shares(500).share("a", Map.of())).instances()).containsExactlyInAnyOrder("a", "b");

		await().untilAsserted(() -> assertThat(get(shares(500).share("a", Map.of())).instances()).containsExactly("a"));
	}

	@Test
	void leavesNothingWhenNoInstanceIsThere() throws Exception {
		get(shares(100).share("a", Map.of("p1", new Owned("c1", 7))));

		await().until(() -> this.redis.execute("EXISTS", "{" + this.group.stream() + "}:billing:members",
				"{" + this.group.stream() + "}:billing:shares"), (found) -> ((Number) found).longValue() == 0);
	}

	private Shares share(String instance, Map<String, Owned> owned) throws Exception {
		return get(shares(30_000).share(instance, owned));
	}

	private GroupShares shares(long presence) {
		return new GroupShares(this.link, this.group, Duration.ofMillis(presence));
	}

	private static <T> T get(CompletableFuture<T> future) throws Exception {
		return future.get(10, TimeUnit.SECONDS);
	}

}
