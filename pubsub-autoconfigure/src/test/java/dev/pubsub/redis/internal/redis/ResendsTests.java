package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.test.RefusingServers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link Resends}: what becomes of a single command, by what a server answers.
 * {@code RefusedMessagesTests} is the same for messages, however they are published.
 */
@Timeout(60)
class ResendsTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final int FOREVER = Integer.MAX_VALUE;

	private final BackgroundThreads threads = BackgroundThreads.platform();

	private final RefusingServers servers = RefusingServers.start();

	private LettuceConnectionFactory factory = this.servers.cluster();

	private StreamConnections connections = StreamConnections.to(this.factory, this.threads);

	private RedisLink link = this.connections.open("test", PATIENCE);

	@AfterEach
	void close() {
		this.connections.close();
		this.factory.destroy();
		this.servers.close();
		this.threads.close();
	}

	private void useOneServer() {
		this.connections.close();
		this.factory.destroy();
		this.factory = this.servers.standalone();
		this.connections = StreamConnections.to(this.factory, this.threads);
		this.link = this.connections.open("test", PATIENCE);
	}

	private CompletableFuture<EntryId> add(Duration patience) {
		return this.link.send(request(), Deadline.after(patience));
	}

	private CompletableFuture<EntryId> addNow() {
		await().atMost(PATIENCE).until(() -> this.link.awaitConnection(PATIENCE));
		return this.link.send(request());
	}

	private static RedisRequest<EntryId> request() {
		return StreamCommands.addRequest("orders", EntryFields.ofText(Map.of("item", "apple")), AddOptions.DEFAULTS);
	}

	@ParameterizedTest
	@CsvSource({ "MOVED, b XADD", "ASK, a XADD", "TRYAGAIN Multiple keys request during rehashing of slot, a XADD",
			"CLUSTERDOWN The cluster is down, a XADD", "LOADING Redis is loading the dataset in memory, a XADD",
			"READONLY You can't write against a read only replica., a XADD",
			"NOREPLICAS Not enough good replicas to write., a XADD",
			"MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'., a XADD",
			"ERR Error running script (call to f_1): @user_script:1: -READONLY You can't write., a XADD",
			"ERR Error running script (call to f_1): @user_script:1: -NOREPLICAS Not enough., a XADD" })
	void commandIsSentAgainUntilAServerExecutesIt(String error, String executed) {
		this.servers.refuse(error, 1);

		assertThat(add(PATIENCE)).succeedsWithin(PATIENCE);
		assertThat(this.servers.executed()).containsExactly(executed);
		assertThat(this.servers.refused()).isOne();
	}

	@Test
	void commandGoesWhereItsSlotIsOnItsWayTo() {
		this.servers.refuseByFirst(RefusingServers.ASK);

		assertThat(add(PATIENCE)).succeedsWithin(PATIENCE);
		assertThat(addNow()).succeedsWithin(PATIENCE);
		assertThat(this.servers.executed()).containsExactly("b! XADD", "b! XADD");
	}

	@ParameterizedTest
	@ValueSource(strings = { "MOVED", "ASK", "TRYAGAIN Multiple keys", "CLUSTERDOWN The cluster is down",
			"LOADING Redis is loading", "READONLY You can't write", "NOREPLICAS Not enough good replicas",
			"MASTERDOWN Link with MASTER is down" })
	void commandFailsWithTheReasonWhenNoServerExecutesItInTime(String error) {
		this.servers.refuse(error, FOREVER);

		assertThat(add(Duration.ofSeconds(1))).failsWithin(PATIENCE).withThrowableThat().withMessageContaining(error);
		assertThat(this.servers.executed()).isEmpty();
		assertThat(this.servers.refused()).isGreaterThan(3);
	}

	@ParameterizedTest
	@CsvSource({ "MOVED, b XADD", "ASK, a XADD", "TRYAGAIN Multiple keys request during rehashing of slot, a XADD" })
	void commandWithoutDeadlineFollowsItsSlot(String error, String executed) {
		CompletableFuture<EntryId> first = addNow();
		assertThat(first).succeedsWithin(PATIENCE);
		this.servers.refuse(error, 1);

		assertThat(addNow()).succeedsWithin(PATIENCE);
		assertThat(this.servers.executed()).containsExactly("a XADD", executed);
	}

	@ParameterizedTest
	@ValueSource(strings = { "CLUSTERDOWN The cluster is down", "LOADING Redis is loading", "READONLY You can't write",
			"NOREPLICAS Not enough good replicas", "MASTERDOWN Link with MASTER is down" })
	void commandWithoutDeadlineWaitsForNoServer(String error) {
		assertThat(addNow()).succeedsWithin(PATIENCE);
		this.servers.refuse(error, FOREVER);

		assertThat(addNow()).failsWithin(PATIENCE).withThrowableThat().withMessageContaining(error);
		assertThat(this.servers.refused()).isOne();
	}

	@ParameterizedTest
	@ValueSource(strings = { "OOM command not allowed when used memory > 'maxmemory'.",
			"MISCONF Redis is configured to save RDB snapshots", "BUSY Redis is busy running a script.",
			"ERR syntax error", "WRONGTYPE Operation against a key", "NOPERM this user has no permissions",
			"NOGROUP No such key", "EXECABORT Transaction discarded" })
	void otherErrorIsTheReply(String error) {
		this.servers.refuse(error, FOREVER);

		assertThat(add(PATIENCE)).failsWithin(PATIENCE)
			.withThrowableThat()
			.withMessageContaining(error.substring(0, error.indexOf(' ')));
		assertThat(this.servers.refused()).isOne();
	}

	@ParameterizedTest
	@ValueSource(strings = { "LOADING Redis is loading", "READONLY You can't write", "NOREPLICAS Not enough" })
	void oneServerIsWaitedFor(String error) {
		useOneServer();
		this.servers.refuse(error, 3);

		assertThat(add(PATIENCE)).succeedsWithin(PATIENCE);
		assertThat(this.servers.executed()).containsExactly("a XADD");
	}

	@ParameterizedTest
	@ValueSource(strings = { "MOVED", "ASK" })
	void oneServerIsNotLeftForAnotherThatItNames(String error) {
		useOneServer();
		this.servers.refuse(error, 1);

		assertThat(add(PATIENCE)).failsWithin(PATIENCE).withThrowableThat().withMessageContaining(error + " ");
		assertThat(this.servers.executed()).isEmpty();
	}

	@Test
	void commandWithoutReplyIsNotSentAgain() {
		this.servers.refuse(RefusingServers.LOST, 1);

		CompletableFuture<EntryId> reply = add(PATIENCE);

		assertThat(reply).failsWithin(PATIENCE);
		assertThat(reply.handle((id, failure) -> RedisFault.of(failure))).isCompletedWithValue(RedisFault.NO_REPLY);
		assertThat(this.servers.executed()).containsExactly("a XADD");
	}

	@Test
	void commandWaitsForTheServerThatTakesThePlaceOfADeadOne() {
		assertThat(addNow()).succeedsWithin(PATIENCE);
		this.servers.kill();
		await().atMost(PATIENCE).until(() -> !this.link.linkTo("orders").isConnected());
		CompletableFuture<EntryId> reply = add(PATIENCE);
		this.servers.promote();

		assertThat(reply).succeedsWithin(PATIENCE);
		assertThat(this.servers.executed()).containsExactly("a XADD", "b XADD");
	}

	@Test
	void commandIsRejectedInTimeWhenNothingTakesThePlaceOfADeadServer() {
		assertThat(addNow()).succeedsWithin(PATIENCE);
		this.servers.kill();
		await().atMost(PATIENCE).until(() -> !this.link.linkTo("orders").isConnected());

		CompletableFuture<EntryId> reply = add(Duration.ofMillis(200));

		assertThat(reply).failsWithin(PATIENCE);
		assertThat(reply.handle((id, failure) -> RedisFault.of(failure))).isCompletedWithValue(RedisFault.NOT_SENT);
	}

	@Test
	void withdrawnCommandIsNeverExecuted() {
		this.servers.refuse("LOADING Redis is loading", FOREVER);
		CompletableFuture<EntryId> reply = add(PATIENCE);
		await().atMost(PATIENCE).until(() -> this.servers.refused() > 0);

		await().atMost(PATIENCE).until(() -> RedisLink.withdraw(reply) != null);

		this.servers.refuse("", 0);
		assertThat(add(PATIENCE)).succeedsWithin(PATIENCE);
		assertThat(add(PATIENCE)).succeedsWithin(PATIENCE);
		assertThat(this.servers.executed()).hasSize(2);
		assertThat(reply).isNotDone();
	}

	@Test
	void commandThatAServerHasCannotBeWithdrawn() {
		assertThat(RedisLink.withdraw(addNow())).isNull();
	}

	@Test
	void waitingCommandEndsWithItsLink() {
		this.servers.refuse("LOADING Redis is loading", FOREVER);
		List<CompletableFuture<EntryId>> replies = List.of(add(PATIENCE.multipliedBy(10)),
				add(PATIENCE.multipliedBy(10)));
		await().atMost(PATIENCE).until(() -> this.servers.refused() > 1);

		this.link.close();

		assertThat(replies).allSatisfy((reply) -> assertThat(reply).failsWithin(PATIENCE));
		assertThat(this.servers.executed()).isEmpty();
	}

}
