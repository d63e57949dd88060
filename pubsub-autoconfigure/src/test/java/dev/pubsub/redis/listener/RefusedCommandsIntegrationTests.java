package dev.pubsub.redis.listener;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import ch.qos.logback.classic.Level;
import dev.pubsub.redis.Outage;
import dev.pubsub.redis.actuate.PubSubHealthIndicator;
import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.delivery.DeliveryRuntime;
import dev.pubsub.redis.internal.redis.ConnectionSource;
import dev.pubsub.redis.internal.redis.StreamConnections;
import dev.pubsub.redis.observe.Outcome;
import dev.pubsub.redis.observe.StreamObserver;
import dev.pubsub.redis.test.LogLines;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Each command that a listener sends, while Redis refuses it: told once with command and
 * key, shown by health, tried again until it works, and nothing is lost.
 */
class RefusedCommandsIntegrationTests extends ListenerTest {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final Duration REFUSED_DELAY = Duration.ofMillis(500);

	@AutoClose
	private final LogLines lines = new LogLines();

	@AutoClose
	private final BackgroundThreads threads = BackgroundThreads.platform();

	private final Set<String> handled = ConcurrentHashMap.newKeySet();

	private final String user;

	private final List<AutoCloseable> opened = new ArrayList<>();

	RefusedCommandsIntegrationTests(TestRedis redis) {
		super(redis);
		this.user = "refused-" + redis.prefix().replace(':', '-');
	}

	@AfterEach
	void close() throws Exception {
		this.release.countDown();
		for (AutoCloseable resource : this.opened) {
			resource.close();
		}
		this.redis.execute("ACL", "DELUSER", this.user);
	}

	private DefaultStreamListenerContainerRegistry node() {
		return node(StreamObserver.NONE);
	}

	private DefaultStreamListenerContainerRegistry node(StreamObserver observer) {
		String url = "redis://%s:secret@%s:%d".formatted(this.user, this.redis.host(), this.redis.port());
		StreamConnections connections = StreamConnections.to(url, LettuceClientConfiguration.defaultConfiguration(),
				this.threads);
		DefaultStreamListenerContainerRegistry registry = new DefaultStreamListenerContainerRegistry(
				new ListenerRuntime(
						DeliveryRuntime.of(connections, this.threads, observer).withRefusedDelay(REFUSED_DELAY),
						connections.names(), (event) -> {
						}),
				new ConnectionSource.Lease(connections, () -> {
				}));
		this.opened.add(registry::stop);
		this.opened.add(connections);
		registry.start();
		return registry;
	}

	private Subscription subscription() {
		RetryBackoff soon = RetryBackoff.defaults().withDelay(Duration.ofMillis(1)).withMaxDelay(Duration.ofMillis(1));
		return Subscription.of(this.stream, "billing", (message, ack) -> {
			String item = String.valueOf(message.payload().getText("item"));
			if (item.equals("slow")) {
				this.release.await();
			}
			if (item.equals("dead") || (item.equals("retried") && message.attempt() == 1)) {
				throw new IllegalStateException("no stock");
			}
			this.handled.add(item);
		})
			.withOptions(Nodes.quick().withStartFrom(StartFrom.EARLIEST))
			.withRedelivery(Redelivery.defaults().withRetryCount(1).withBackoff(soon));
	}

	private void addMessages() {
		for (String item : List.of("fine", "retried", "slow", "dead")) {
			this.redis.xadd(this.stream, Map.of("item", item));
		}
	}

	private Health health(StreamListenerContainerRegistry registry) {
		return new PubSubHealthIndicator(registry, Clock.systemUTC()).health();
	}

	private void awaitOutage(StreamListenerContainerRegistry registry, String activity, String command) {
		await().atMost(PATIENCE).untilAsserted(() -> {
			assertThat(this.lines.of(Level.WARN, activity, this.stream + " (group billing) failed")).hasSize(1)
				.allMatch((line) -> line.contains(command) && line.contains(" on " + this.stream)
						&& (line.startsWith("Renewing") || line.contains("every 0.5 s")));
			Health health = health(registry);
			assertThat(health.getStatus()).isEqualTo(Status.DOWN);
			assertThat(health.getDetails().toString()).contains("activity=" + activity, "command=", command,
					"key=" + this.stream, "since=", "reason=");
		});
	}

	private void awaitEnd(StreamListenerContainerRegistry registry, String activity) {
		this.release.countDown();
		await().atMost(PATIENCE).untilAsserted(() -> {
			assertThat(this.handled).containsExactlyInAnyOrder("fine", "retried", "slow");
			assertThat(this.redis.xlen("{" + this.stream + "}:dlq")).isOne();
			assertThat(this.redis.pendingCount(this.stream, "billing")).isZero();
			assertThat(this.lines.of(Level.INFO, activity, "works again")).hasSize(1);
			assertThat(health(registry).getStatus()).isEqualTo(Status.UP);
		});
	}

	@ParameterizedTest
	@CsvSource({ "xgroup, Reading from, XGROUP", "xreadgroup, Reading from, XREADGROUP", "xack, Acknowledging in, XACK",
			"evalsha, Reading from, begin_again (", "xclaim, Renewing leases of, renew (",
			"xclaim, Backing off in, backoff (", "xrange, Backing off in, backoff (",
			"xpending, Claiming from, XPENDING", "xadd, Dead-lettering from, dead (",
			"xinfo, Looking for idle consumers of, reap (" })
	void isToldShownAndTriedAgain(String right, String activity, String command) {
		this.redis.execute("ACL", "SETUSER", this.user, "on", ">secret", "~*", "&*", "+@all", "-" + right);
		addMessages();
		DefaultStreamListenerContainerRegistry registry = node();
		registry.register(subscription(), "test");
		awaitOutage(registry, activity, command);

		this.redis.execute("ACL", "SETUSER", this.user, "+" + right);

		awaitEnd(registry, activity);
	}

	@Test
	void isToldShownAndTriedAgainForClaims() {
		this.redis.execute("ACL", "SETUSER", this.user, "on", ">secret", "~*", "&*", "+@all", "-xclaim");
		this.redis.execute("XGROUP", "CREATE", this.stream, "billing", "0", "MKSTREAM");
		addMessages();
		this.redis.execute("XREADGROUP", "GROUP", "billing", "gone", "STREAMS", this.stream, ">");
		DefaultStreamListenerContainerRegistry registry = node();
		registry.register(subscription(), "test");
		awaitOutage(registry, "Claiming from", "claim (");

		this.redis.execute("ACL", "SETUSER", this.user, "+xclaim");

		this.release.countDown();
		await().atMost(PATIENCE).untilAsserted(() -> {
			assertThat(this.redis.pendingCount(this.stream, "billing")).isZero();
			assertThat(this.handled).contains("fine", "slow");
			assertThat(this.lines.of(Level.INFO, "Claiming from", "works again")).hasSize(1);
			assertThat(health(registry).getStatus()).isEqualTo(Status.UP);
		});
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2 })
	void isToldShownAndTriedAgainForEntriesThatWereTrimmed(int deliveries) {
		this.redis.execute("ACL", "SETUSER", this.user, "on", ">secret", "~*", "&*", "+@all", "-xack");
		this.redis.execute("XGROUP", "CREATE", this.stream, "billing", "0", "MKSTREAM");
		String id = this.redis.xadd(this.stream, Map.of("item", "trimmed"));
		this.redis.execute("XREADGROUP", "GROUP", "billing", "gone", "STREAMS", this.stream, ">");
		this.redis.execute("XCLAIM", this.stream, "billing", "gone", "0", id, "IDLE", "3600000", "RETRYCOUNT",
				Integer.toString(deliveries), "JUSTID");
		this.redis.execute("XTRIM", this.stream, "MAXLEN", "0");
		AtomicInteger lost = new AtomicInteger();
		DefaultStreamListenerContainerRegistry registry = node((event) -> {
			if (event.outcome() == Outcome.PAYLOAD_LOST) {
				lost.incrementAndGet();
			}
		});
		registry.register(subscription(), "test");
		awaitOutage(registry, "Acknowledging in", "XACK");

		this.redis.execute("ACL", "SETUSER", this.user, "+xack");

		await().atMost(PATIENCE).untilAsserted(() -> {
			assertThat(this.redis.pendingCount(this.stream, "billing")).isZero();
			assertThat(this.lines.of(Level.INFO, "Acknowledging in", "works again")).hasSize(1);
			assertThat(health(registry).getStatus()).isEqualTo(Status.UP);
		});
		assertThat(lost).hasValue(1);
	}

	@Test
	void isToldShownAndTriedAgainWhereTheDeadLetterStreamIsNone() {
		this.redis.execute("ACL", "SETUSER", this.user, "on", ">secret", "~*", "&*", "+@all");
		this.redis.execute("SET", "{" + this.stream + "}:dlq", "text");
		addMessages();
		DefaultStreamListenerContainerRegistry registry = node();
		registry.register(subscription(), "test");
		awaitOutage(registry, "Dead-lettering from", "dead (");

		this.redis.execute("DEL", "{" + this.stream + "}:dlq");

		awaitEnd(registry, "Dead-lettering from");
	}

	@Test
	void isToldAtTheStopToo() {
		this.redis.execute("ACL", "SETUSER", this.user, "on", ">secret", "~*", "&*", "+@all", "-xinfo");
		DefaultStreamListenerContainerRegistry registry = node();
		StreamListenerContainer container = registry.register(subscription(), "test");
		await().atMost(PATIENCE).until(() -> container.getState() == ContainerState.RUNNING);

		container.stop();

		assertThat(this.lines.of(Level.WARN, "Leaving", this.stream, "reap (")).hasSize(1);
		assertThat(container.getOutages()).extracting(Outage::getActivity).isEmpty();
	}

}
