package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.redis.BacklogQuery.Question;
import dev.pubsub.redis.test.RedisCluster;
import dev.pubsub.redis.test.RedisServerProcess;
import dev.pubsub.redis.test.RedisTopologyTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link BacklogQuery}: what goes over the wire, and what comes back.
 */
@RedisTopologyTest
class BacklogQueryIntegrationTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	/** As many as surely fit into what a server reads at once, which is 16 kB. */
	private static final int STREAMS = 30;

	private final BackgroundThreads threads = BackgroundThreads.platform();

	private LettuceConnectionFactory factory;

	private StreamConnections connections;

	private RedisLink link;

	@AfterEach
	void close() {
		this.connections.close();
		this.factory.destroy();
		this.threads.close();
	}

	private void connect(RedisConfiguration server) throws Exception {
		this.factory = new LettuceConnectionFactory(server);
		this.factory.afterPropertiesSet();
		this.factory.start();
		this.connections = StreamConnections.to(this.factory, this.threads);
		this.link = this.connections.open("test", TIMEOUT);
		assertThat(this.link.awaitConnection(TIMEOUT)).isTrue();
	}

	private List<StreamBacklog> ask(List<Question> questions) {
		return new BacklogQuery(this.link, TIMEOUT).ask(questions).stream().map(CompletableFuture::join).toList();
	}

	private static List<Question> questions(List<String> streams) {
		return streams.stream()
			.map((stream) -> Question.of(stream, "{" + stream + "}:dlq", List.of("billing", "shipping")))
			.toList();
	}

	private static List<String> names() {
		return IntStream.range(0, STREAMS).mapToObj((i) -> "orders-" + i).toList();
	}

	private static long number(RedisServerProcess server, String section, String pattern) {
		Matcher matcher = Pattern.compile(pattern).matcher(String.valueOf(server.send("INFO", section)));
		return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
	}

	private static long reads(RedisServerProcess server) {
		return number(server, "stats", "total_reads_processed:(\\d+)");
	}

	private static long commands(RedisServerProcess server) {
		return number(server, "commandstats", "cmdstat_evalsha:calls=(\\d+)");
	}

	@Test
	void aRoundIsOneCommandPerStreamInOneWrite() throws Exception {
		try (RedisServerProcess server = RedisServerProcess.start()) {
			connect(new RedisStandaloneConfiguration(server.host(), server.port()));
			List<Question> questions = questions(names());
			ask(questions);
			long commands = commands(server);
			long idle = reads(server);
			long look = reads(server) - idle;
			long before = reads(server);

			ask(questions);

			assertThat(reads(server) - before - look).as("reads of the server").isOne();
			assertThat(commands(server) - commands).isEqualTo(STREAMS);
		}
	}

	@Test
	void aRoundIsOneWriteToEachNode(RedisCluster cluster) throws Exception {
		connect(new RedisClusterConfiguration(cluster.addresses()));
		List<String> streams = names();
		List<Question> questions = questions(streams);
		ask(questions);
		List<RedisServerProcess> masters = cluster.masters();
		long commands = masters.stream().mapToLong(BacklogQueryIntegrationTests::commands).sum();

		streams.forEach((stream) -> cluster.execute(stream, "XADD", stream, "1-1", "item", "apple"));
		assertThat(ask(questions)).allSatisfy((backlog) -> assertThat(backlog.length()).isOne());

		assertThat(masters.stream().mapToLong(BacklogQueryIntegrationTests::commands).sum() - commands)
			.isEqualTo(STREAMS);
	}

	@Test
	void followsKeysToOtherNodes(RedisCluster cluster) throws Exception {
		connect(new RedisClusterConfiguration(cluster.addresses()));
		String stream = cluster.keyOn(cluster.masters().get(0), "moving");
		cluster.execute(stream, "XADD", stream, "1-1", "item", "apple");
		assertThat(ask(questions(List.of(stream)))).singleElement().extracting(StreamBacklog::length).isEqualTo(1L);

		cluster.moveSlots(cluster.masterOf(stream), cluster.masters().get(1), 16384);

		assertThat(ask(questions(List.of(stream)))).singleElement().extracting(StreamBacklog::length).isEqualTo(1L);
	}

	@Test
	void sendsTheScriptWhereTheServerHasForgottenIt() throws Exception {
		try (RedisServerProcess server = RedisServerProcess.start()) {
			connect(new RedisStandaloneConfiguration(server.host(), server.port()));
			server.send("XADD", "orders-7", "1-1", "item", "apple");
			List<Question> questions = questions(names());
			ask(questions);

			server.send("SCRIPT", "FLUSH");

			assertThat(ask(questions).get(7).length()).isOne();
		}
	}

	@Test
	void tellsOfStreamsGroupsAndIdsAtTheEndOfTheirRange() throws Exception {
		try (RedisServerProcess server = RedisServerProcess.start()) {
			connect(new RedisStandaloneConfiguration(server.host(), server.port()));
			server.send("XADD", "orders", "1-1", "item", "apple");
			server.send("XADD", "orders", "2-1", "item", "pear");
			server.send("XADD", "orders", "18446744073709551615-18446744073709551615", "item", "plum");
			server.send("XGROUP", "CREATE", "orders", "billing", "0");
			server.send("XGROUP", "CREATE", "orders", "audit", "0");
			server.send("XREADGROUP", "GROUP", "billing", "c1", "COUNT", "2", "STREAMS", "orders", ">");
			server.send("XADD", "{orders}:dlq", "*", "item", "plum");

			StreamBacklog orders = ask(questions(List.of("orders", "nothing"))).get(0);
			StreamBacklog nothing = ask(questions(List.of("orders", "nothing"))).get(1);

			EntryId highest = EntryId.parse("18446744073709551615-18446744073709551615");
			assertThat(orders.exists()).isTrue();
			assertThat(orders.length()).isEqualTo(3);
			assertThat(orders.bytes()).isPositive();
			assertThat(orders.deadLetters()).isOne();
			assertThat(orders.groupCount()).isEqualTo(2);
			assertThat(orders.first()).isEqualTo(new EntryId(1, 1));
			assertThat(orders.last()).isEqualTo(highest);
			assertThat(orders.groups()).hasSize(2).first().satisfies((billing) -> {
				assertThat(billing.consumers()).isOne();
				assertThat(billing.pending()).isEqualTo(2);
				assertThat(billing.oldestPending()).isEqualTo(new EntryId(1, 1));
				assertThat(billing.oldestUnread()).isEqualTo(highest);
			});
			assertThat(orders.groups().get(1))
				.isEqualTo(new StreamBacklog.Group(StreamBacklog.UNKNOWN, 0, null, StreamBacklog.UNKNOWN, null));
			assertThat(nothing.exists()).isFalse();
			assertThat(nothing.length()).isZero();
			assertThat(nothing.bytes()).isZero();
		}
	}

	@Test
	void oneKeyThatIsNoStreamFailsAlone() throws Exception {
		try (RedisServerProcess server = RedisServerProcess.start()) {
			connect(new RedisStandaloneConfiguration(server.host(), server.port()));
			server.send("SET", "orders-1", "text");

			List<CompletableFuture<StreamBacklog>> answers = new BacklogQuery(this.link, TIMEOUT)
				.ask(questions(names()));

			assertThat(answers.get(0)).succeedsWithin(TIMEOUT);
			assertThat(answers.get(1)).failsWithin(TIMEOUT)
				.withThrowableOfType(ExecutionException.class)
				.withMessageContaining("WRONGTYPE");
			assertThat(answers.get(2)).succeedsWithin(TIMEOUT);
		}
	}

	@Test
	void waitsForAConnection() throws Exception {
		try (RedisServerProcess server = RedisServerProcess.start()) {
			connect(new RedisStandaloneConfiguration(server.host(), server.port()));
			server.send("XADD", "orders-7", "1-1", "item", "apple");
			this.link.reset();

			assertThat(ask(questions(names())).get(7).length()).isOne();
		}
	}

}
