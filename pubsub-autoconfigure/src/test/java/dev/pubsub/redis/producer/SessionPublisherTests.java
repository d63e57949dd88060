package dev.pubsub.redis.producer;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.RedisRequest;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link SessionPublisher}.
 */
class SessionPublisherTests {

	private static final ProducerOptions OPTIONS = ProducerOptions.defaults().withTimeout(Duration.ofSeconds(2));

	private final StubCluster cluster = new StubCluster(this::reply);

	@Test
	void serverThatIsAwayCostsNoOtherItsMessages() {
		this.cluster.server("b").connection.completeOnTimeout(null, 20, TimeUnit.MILLISECONDS);
		ProducerLinks links = new ProducerLinks(this.cluster, this.cluster, this.cluster, null);

		List<PublishResult> results = new SessionPublisher(links, new FeatureDetection(), OPTIONS,
				new ObservedSends(PublishObserver.NONE), new Routing(links.single(), OPTIONS))
			.publish(List.of(entry("away"), entry("back"), entry("away"), entry("back")));

		assertThat(results).extracting(PublishResult::status)
			.containsExactly(PublishResult.Status.REJECTED, PublishResult.Status.SENT, PublishResult.Status.REJECTED,
					PublishResult.Status.SENT);
	}

	@Test
	void serverThatCannotExecuteAnythingYetIsWaitedFor() {
		AtomicInteger loading = new AtomicInteger(6);
		List<String> executed = new CopyOnWriteArrayList<>();
		StubCluster server = new StubCluster((name, request) -> {
			if (loading.getAndDecrement() > 0) {
				return CompletableFuture.failedFuture(new RedisCommandExecutionException("LOADING Redis is loading"));
			}
			executed.add(request.arguments().toCommandString());
			return CompletableFuture.completedFuture(EntryId.parse("1-1"));
		});
		server.server("o").connection.complete(null);
		ProducerLinks links = new ProducerLinks(server, server, server, null);

		List<PublishResult> results = new SessionPublisher(links, new FeatureDetection(), OPTIONS,
				new ObservedSends(PublishObserver.NONE), new Routing(links.single(), OPTIONS))
			.publish(List.of(entry("orders1"), entry("orders2"), entry("orders3")));

		assertThat(results).extracting(PublishResult::status).containsOnly(PublishResult.Status.SENT);
		assertThat(executed).hasSize(3).isSorted();
	}

	@Test
	void serverThatExecutedAPartIsNotAskedAgain() {
		StubCluster server = new StubCluster(
				(name, request) -> request.arguments().toCommandString().contains("orders2")
						? CompletableFuture.failedFuture(new RedisCommandExecutionException("TRYAGAIN Multiple keys"))
						: CompletableFuture.completedFuture(EntryId.parse("1-1")));
		server.server("o").connection.complete(null);
		ProducerLinks links = new ProducerLinks(server, server, server, null);

		List<PublishResult> results = new SessionPublisher(links, new FeatureDetection(), OPTIONS,
				new ObservedSends(PublishObserver.NONE), new Routing(links.single(), OPTIONS))
			.publish(List.of(entry("orders1"), entry("orders2"), entry("orders3")));

		assertThat(results).extracting(PublishResult::status)
			.containsExactly(PublishResult.Status.SENT, PublishResult.Status.REJECTED, PublishResult.Status.SENT);
	}

	private CompletableFuture<?> reply(String server, RedisRequest<?> request) {
		return this.cluster.server(server).isConnected() ? CompletableFuture.completedFuture(EntryId.parse("1-1"))
				: CompletableFuture.failedFuture(new RedisException("Currently not connected"));
	}

	private static OutgoingEntry entry(String stream) {
		return new OutgoingEntry(stream, EntryFields.builder().build(), PublishOptions.defaults(), OPTIONS);
	}

}
