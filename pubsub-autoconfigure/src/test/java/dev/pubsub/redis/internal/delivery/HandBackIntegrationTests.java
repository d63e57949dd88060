package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.GroupClient;
import dev.pubsub.redis.internal.redis.OutageLog;
import dev.pubsub.redis.internal.redis.RedisLink;
import dev.pubsub.redis.internal.redis.StreamConnections;
import dev.pubsub.redis.internal.redis.StreamGroup;
import dev.pubsub.redis.listener.Subscription;
import dev.pubsub.redis.listener.TestContainers;
import dev.pubsub.redis.observe.StreamObserver;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.mockito.BDDMockito;
import org.mockito.Mockito;
import org.slf4j.helpers.NOPLogger;

import static org.assertj.core.api.Assertions.assertThat;

@RedisTest
class HandBackIntegrationTests {

	private final TestRedis redis;

	private final String stream;

	@AutoClose
	private final BackgroundThreads threads = BackgroundThreads.platform();

	@AutoClose
	private final StreamConnections connections;

	private final InFlightMessages inFlight = new InFlightMessages();

	HandBackIntegrationTests(TestRedis redis) {
		this.redis = redis;
		this.stream = redis.key("orders");
		this.connections = StreamConnections.to(redis.connectionFactory(), this.threads);
	}

	/**
	 * Let a consumer have an entry.
	 */
	private EntryId deliverTo(String consumer, int deliveries) {
		this.redis.execute("XGROUP", "CREATE", this.stream, "billing", "0", "MKSTREAM");
		String id = this.redis.xadd(this.stream, Map.of("item", "book"));
		this.redis.execute("XREADGROUP", "GROUP", "billing", consumer, "STREAMS", this.stream, ">");
		this.redis.execute("XCLAIM", this.stream, "billing", consumer, "0", id, "RETRYCOUNT", "" + deliveries);
		return EntryId.parse(id);
	}

	private static OutageLog outage() {
		return new OutageLog(NOPLogger.NOP_LOGGER, "Something", System::nanoTime);
	}

	/**
	 * It is released as unstarted, and must not be once more as one that never arrived.
	 */
	@Test
	void handsBackOnceWhatNeverStarted() throws Exception {
		EntryId id = deliverTo("stopping", 3);
		InFlightMessage unstarted = new InFlightMessage(id, EntryFields.of(), 3, 0, Long.MAX_VALUE / 2);
		this.inFlight.add(unstarted);
		HandBack handBack = handBack(client());

		handBack.release(List.of(unstarted));
		handBack.leave(Duration.ofSeconds(5));

		assertThat(deliveriesOf(id)).isEqualTo(2);
	}

	/**
	 * The server is slow, and another connection is served first.
	 */
	@Test
	void handsBackWhatAReadBringsAfterItsConnectionEnded() throws Exception {
		deliverTo("stopping", 1);
		GroupClient client = Mockito.spy(client());
		List<EntryId> late = new ArrayList<>();
		BDDMockito.willAnswer((call) -> {
			if (late.isEmpty()) {
				late.add(EntryId.parse(this.redis.xadd(this.stream, Map.of("item", "pen"))));
				this.redis.execute("XREADGROUP", "GROUP", "billing", "stopping", "STREAMS", this.stream, ">");
			}
			return call.callRealMethod();
		}).given(client).reapSelf();

		handBack(client).leave(Duration.ofSeconds(5));

		assertThat(deliveriesOf(late.get(0))).isZero();
	}

	private GroupClient client() throws Exception {
		RedisLink link = this.connections.open("test", Duration.ofSeconds(5));
		link.awaitConnection(Duration.ofSeconds(5));
		return GroupClient.over(link, new StreamGroup(this.stream, "billing"), "stopping");
	}

	private HandBack handBack(GroupClient client) {
		DeliverySettings settings = TestContainers.settings(Subscription.of(this.stream, "billing", (message, ack) -> {
		}));
		MessageReporter reporter = new MessageReporter(settings, StreamObserver.NONE, this.threads::after);
		GroupGuard guard = new GroupGuard(client, settings.reading(), this.inFlight, new GroupProgress(), reporter,
				System::nanoTime);
		LeaseKeeper leases = new LeaseKeeper(settings.lease(), client, this.inFlight, guard, reporter, System::nanoTime,
				this.threads.ticks(), () -> {
				}, outage());
		Settler settler = new Settler(client.group(), this.threads.timer(), System::nanoTime);
		AckBatcher acks = new AckBatcher(client, this.inFlight, settler, this.threads.timer(), outage(), false);
		OwnPending ownPending = new OwnPending(client, client, this.inFlight, leases, reporter,
				new MissingPayloads(this.inFlight, acks, reporter), new ReadBudget(settings.reading(), new HeapShare()),
				new OversizedEntries(), 11);
		return new HandBack(client, this.inFlight, ownPending, reporter, settler, outage());
	}

	private long deliveriesOf(EntryId id) {
		List<?> pending = (List<?>) this.redis
			.executeForList("XPENDING", this.stream, "billing", id.toString(), id.toString(), "1")
			.get(0);
		return (Long) pending.get(3);
	}

}
