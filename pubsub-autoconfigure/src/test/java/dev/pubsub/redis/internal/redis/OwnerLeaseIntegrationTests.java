package dev.pubsub.redis.internal.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.RedisClusterConnection;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.core.types.RedisClientInfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

@RedisTest
class OwnerLeaseIntegrationTests {

	private final TestRedis redis;

	private final StreamGroup group;

	private final BackgroundThreads threads = BackgroundThreads.platform();

	private final StreamConnections connections;

	private final RedisLink link;

	private final RedisLink reader;

	private final AtomicInteger refused = new AtomicInteger();

	OwnerLeaseIntegrationTests(TestRedis redis) {
		this.redis = redis;
		this.group = new StreamGroup(redis.key("orders"), "billing");
		this.connections = StreamConnections.to(redis.connectionFactory(), this.threads);
		this.link = this.connections.open("test", Duration.ofSeconds(5)).following(this.group.stream());
		this.reader = this.connections.open("reader", Duration.ofSeconds(40)).following(this.group.stream());
	}

	@BeforeEach
	void connect() throws Exception {
		assertThat(this.link.awaitConnection(Duration.ofSeconds(5))).isTrue();
		assertThat(this.reader.awaitConnection(Duration.ofSeconds(5))).isTrue();
		this.redis.execute("XGROUP", "CREATE", this.group.stream(), "billing", "0", "MKSTREAM");
	}

	@AfterEach
	void close() {
		this.connections.close();
		this.threads.close();
	}

	@Test
	void grantsTheLeaseToOneConsumer() throws Exception {
		OwnerGrant first = get(lease(30_000).acquire("c1"));
		OwnerGrant second = get(lease(30_000).acquire("c2"));

		assertThat(first.isGranted()).isTrue();
		assertThat(second.isGranted()).isFalse();
		assertThat(second.owner()).isEqualTo("c1");
		assertThat(second.token()).isEqualTo(first.token());
		assertThat(second.rest()).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(30));
		assertThat(get(RedisOwnerLease.show(this.link, null, this.group)))
			.extracting(OwnerGrant::owner, OwnerGrant::token, OwnerGrant::standby)
			.containsExactly("c1", first.token(), 1);
	}

	@Test
	void takesTheTimeOfTheServerForTheFirstToken() throws Exception {
		List<?> time = (List<?>) this.redis.execute("TIME");
		long seconds = Long.parseLong(String.valueOf(time.get(0)));

		assertThat(get(lease(30_000).acquire("c1")).token() / 1_000_000).isBetween(seconds, seconds + 60);
	}

	@Test
	void grantsALeaseThatRanOutToAnotherConsumer() throws Exception {
		OwnerGrant first = get(lease(1).acquire("c1"));
		OwnerGrant second = await().until(() -> get(lease(30_000).acquire("c2")), OwnerGrant::isGranted);

		assertThat(second.token()).isGreaterThan(first.token());
		assertThat(get(lease(30_000).renew("c1", first.token())).isGranted()).isFalse();
		assertThat(get(lease(30_000).release("c1", first.token()))).isFalse();
		assertThat(get(lease(30_000).renew("c2", second.token())).isGranted()).isTrue();
	}

	@Test
	void grantsAReleasedLeaseAtOnce() throws Exception {
		OwnerGrant first = get(lease(30_000).acquire("c1"));
		assertThat(get(lease(30_000).release("c1", first.token()))).isTrue();

		OwnerGrant second = get(lease(30_000).acquire("c2"));

		assertThat(second.isGranted()).isTrue();
		assertThat(second.token()).isGreaterThan(first.token());
	}

	@Test
	void neverLetsTheTokenRunBackwards() throws Exception {
		long ahead = 5_000_000_000_000_000L;
		this.redis.execute("HSET", new String(RedisOwnerLease.key(this.group)), "token", Long.toString(ahead));

		assertThat(get(lease(30_000).acquire("c1")).token()).isEqualTo(ahead + 1);
		assertThat(get(lease(30_000).acquire("c1")).token()).isEqualTo(ahead + 2);
	}

	@Test
	void refusesTheReadOfAnOwnerBefore() throws Exception {
		this.redis.execute("XADD", this.group.stream(), "1-0", "n", "1");
		GroupClient frozen = owner("c1", get(lease(1).acquire("c1")));
		await().until(() -> get(lease(30_000).acquire("c2")).isGranted());

		assertThatThrownBy(() -> read(frozen)).hasStackTraceContaining("FENCED");
		assertThatThrownBy(() -> get(frozen.claim(Duration.ZERO, List.of(EntryId.parse("1-0")), ReplyLimit.NO_PAYLOAD)))
			.hasStackTraceContaining("FENCED");

		assertThat(this.refused).hasValue(2);
		assertThat(pending()).isZero();
	}

	@Test
	void refusesAnOwnerBeforeThatHasTheSameName() throws Exception {
		GroupClient before = owner("c1", get(lease(30_000).acquire("c1")));
		get(lease(30_000).acquire("c1"));

		assertThatThrownBy(() -> read(before)).hasStackTraceContaining("FENCED");
	}

	@Test
	void deliversNothingToAReadThatWaitsWhileTheOwnerChanges() throws Exception {
		GroupClient before = owner("c1", get(lease(30_000).acquire("c1")));
		CompletableFuture<List<StreamEntry>> waiting = before.read(10, Duration.ofSeconds(30), false, Long.MAX_VALUE);
		await().until(this::isAnyClientBlocked);
		get(lease(30_000).release("c1", get(RedisOwnerLease.show(this.link, null, this.group)).token()));
		get(lease(30_000).acquire("c2"));

		this.redis.execute("XADD", this.group.stream(), "1-0", "n", "1");

		assertThatThrownBy(() -> get(waiting)).hasStackTraceContaining("FENCED");
		assertThat(pending()).isZero();
	}

	private boolean isAnyClientBlocked() {
		try (RedisConnection connection = this.redis.connectionFactory().getConnection()) {
			List<RedisClientInfo> clients = (connection instanceof RedisClusterConnection cluster)
					? cluster.serverCommands()
						.getClientList(cluster.clusterCommands()
							.clusterGetNodeForKey(this.group.stream().getBytes(StandardCharsets.UTF_8)))
					: connection.serverCommands().getClientList();
			return clients.stream().anyMatch((client) -> client.getFlags().contains("b"));
		}
	}

	@Test
	void waitsForTheNextEntryWithoutBeingDelivered() throws Exception {
		GroupClient owner = owner("c1", get(lease(30_000).acquire("c1")));
		this.redis.execute("XADD", this.group.stream(), "1-0", "n", "1");
		this.redis.execute("XADD", this.group.stream(), "2-0", "n", "2");
		assertThat(read(owner)).hasSize(2);
		CompletableFuture<List<StreamEntry>> waiting = owner.read(10, Duration.ofSeconds(30), false, Long.MAX_VALUE);

		this.redis.execute("XADD", this.group.stream(), "3-0", "n", "3");

		assertThat(get(waiting)).extracting((entry) -> entry.id().toString()).containsExactly("3-0");
		assertThat(get(owner.read(10, Duration.ofMillis(1), false, Long.MAX_VALUE))).isEmpty();
	}

	@Test
	void tellsThatAReadCameWhoseReplyWasLost() throws Exception {
		OwnerGrant grant = get(lease(30_000).acquire("c1"));
		GroupClient owner = owner("c1", grant);
		for (int i = 1; i <= 3; i++) {
			this.redis.execute("XADD", this.group.stream(), i + "-0", "n", "1");
		}
		assertThat(get(owner.read(1, Duration.ZERO, false, Long.MAX_VALUE))).hasSize(1);
		// As if the reply of its second read had been lost.
		assertThat(get(owner("c1", grant).read(1, Duration.ZERO, false, Long.MAX_VALUE))).hasSize(1);

		assertThatThrownBy(() -> read(owner)).hasStackTraceContaining("was lost");

		assertThat(pending()).isEqualTo(2);
		assertThat(read(owner)).extracting((entry) -> entry.id().toString()).containsExactly("3-0");
	}

	@Test
	void refusesAReadThatComesLate() throws Exception {
		OwnerGrant grant = get(lease(30_000).acquire("c1"));
		this.redis.execute("XADD", this.group.stream(), "1-0", "n", "1");
		assertThat(read(owner("c1", grant))).hasSize(1);
		String before = gate();
		assertThat(read(owner("c1", grant))).as("another gate is open").isEmpty();
		this.redis.execute("XADD", this.group.stream(), "2-0", "n", "2");

		assertThatThrownBy(() -> this.redis.execute("XREADGROUP", "GROUP", "billing", "c1", "STREAMS",
				this.group.stream(), before, ">", ">"))
			.hasStackTraceContaining("NOGROUP");

		assertThat(pending()).isOne();
	}

	@Test
	void leavesNoGateWhenItIsReleased() throws Exception {
		OwnerGrant grant = get(lease(30_000).acquire("c1"));
		read(owner("c1", grant));
		String gate = gate();
		assertThat(this.redis.execute("EXISTS", gate)).hasToString("1");

		get(lease(30_000).release("c1", grant.token()));

		assertThat(this.redis.execute("EXISTS", gate)).hasToString("0");
	}

	@Test
	void opensAGateAgainThatIsGone() throws Exception {
		GroupClient owner = owner("c1", get(lease(30_000).acquire("c1")));
		this.redis.execute("XADD", this.group.stream(), "1-0", "n", "1");
		assertThat(read(owner)).hasSize(1);
		this.redis.execute("DEL", gate());
		this.redis.execute("XADD", this.group.stream(), "2-0", "n", "2");

		assertThat(read(owner)).hasSize(1);
		assertThat(this.refused).hasValue(0);
	}

	@Test
	void keepsTheGateOpenWithTheLease() throws Exception {
		OwnerGrant grant = get(lease(30_000).acquire("c1"));
		read(owner("c1", grant));

		get(lease(30_000).renew("c1", grant.token()));

		assertThat((Long) this.redis.execute("PTTL", gate())).isBetween(50_000L, 60_000L);
	}

	@Test
	void leavesOutEverythingAfterTheFirstThatIsTooLarge() throws Exception {
		GroupClient owner = owner("c1", get(lease(30_000).acquire("c1")));
		for (int i = 1; i <= 4; i++) {
			this.redis.execute("XADD", this.group.stream(), i + "-0", "n", "x".repeat((i == 2) ? 1000 : 1));
		}

		assertThat(get(owner.read(10, Duration.ZERO, false, 200))).extracting(StreamEntry::isLeftOut)
			.containsExactly(false, true, true, true);
	}

	private OwnerLease lease(long millis) {
		return OwnerLease.over(this.link, this.group, Duration.ofMillis(millis));
	}

	private GroupClient owner(String name, OwnerGrant grant) {
		assertThat(grant.isGranted()).isTrue();
		Fence fence = new Fence(this.group, name, grant.token(), this.refused::incrementAndGet);
		return GroupClient.over(this.reader, this.group, name, fence);
	}

	private static List<StreamEntry> read(GroupClient client) throws Exception {
		return get(client.read(10, Duration.ZERO, false, Long.MAX_VALUE));
	}

	private String gate() {
		return String.valueOf(this.redis.execute("HGET", new String(RedisOwnerLease.key(this.group)), "gate"));
	}

	private long pending() {
		return ((Number) ((List<?>) this.redis.execute("XPENDING", this.group.stream(), "billing")).get(0)).longValue();
	}

	private static <T> T get(CompletableFuture<T> future) throws Exception {
		return future.get(10, TimeUnit.SECONDS);
	}

}
