package dev.pubsub.redis.producer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.internal.redis.Deadline;
import dev.pubsub.redis.internal.redis.NotConnectedException;
import dev.pubsub.redis.internal.redis.RedisLink;
import dev.pubsub.redis.internal.redis.RedisRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link EntryWrite}.
 */
class EntryWriteTests {

	private final RecordingLink link = new RecordingLink();

	@Test
	void asksNothingForMessagesWithoutDurability() {
		write(entry("orders", Durability.none()), entry("payments", Durability.none()));

		assertThat(this.link.sent).containsExactly(Map.entry("all", List.of("XADD", "XADD")));
	}

	@Test
	void asksOnceForAllMessagesOfANode() {
		write(entry("a-orders", Durability.ofReplicas(1)), entry("a-payments", Durability.ofReplicas(2)),
				entry("a-reports", Durability.none()));

		assertThat(this.link.sent).containsExactly(Map.entry("a", List.of("XADD", "XADD", "XADD", "WAIT 2 1000")));
	}

	@Test
	void asksEachNodeAboutItsOwnMessages() {
		write(entry("a-orders", Durability.ofReplicas(1)), entry("b-orders", Durability.none()),
				entry("c-orders", Durability.ofReplicas(1).withTimeout(Duration.ofMillis(5)).withFsync(true)),
				entry("a-orders", Durability.ofReplicas(1)));

		assertThat(this.link.sent).containsExactly(Map.entry("a", List.of("XADD", "XADD", "WAIT 1 1000")),
				Map.entry("b", List.of("XADD")), Map.entry("c", List.of("XADD", "WAITAOF 1 1 5")));
	}

	private void write(OutgoingEntry... entries) {
		EntryWrite write = new EntryWrite(this.link, entries.length);
		for (OutgoingEntry entry : entries) {
			write.add(entry, ServerFeatures.NONE);
		}
		assertThat(write.send()).hasSameSizeAs(entries);
	}

	private static OutgoingEntry entry(String stream, Durability durability) {
		return new OutgoingEntry(stream, EntryFields.builder().build(),
				PublishOptions.defaults().withDurability(durability), ProducerOptions.defaults());
	}

	/**
	 * A cluster that has a node per first letter.
	 */
	private static final class RecordingLink implements RedisLink {

		private final Map<String, List<String>> sent;

		private final Map<String, RedisLink> nodes = new LinkedHashMap<>();

		private final String node;

		RecordingLink() {
			this("all", new LinkedHashMap<>());
		}

		private RecordingLink(String node, Map<String, List<String>> sent) {
			this.node = node;
			this.sent = sent;
		}

		@Override
		public RedisLink linkTo(String key) {
			return this.nodes.computeIfAbsent(key.substring(0, 1), (letter) -> new RecordingLink(letter, this.sent));
		}

		@Override
		public <T> List<CompletableFuture<T>> sendAll(List<RedisRequest<T>> requests) {
			List<CompletableFuture<T>> replies = new ArrayList<>();
			List<String> commands = this.sent.computeIfAbsent(this.node, (name) -> new ArrayList<>());
			for (RedisRequest<T> request : requests) {
				String name = request.keyword().toString();
				commands.add(name.startsWith("WAIT") ? name + " " + request.arguments().toCommandString() : name);
				replies.add(new CompletableFuture<>());
			}
			return replies;
		}

		@Override
		public <T> CompletableFuture<T> send(RedisRequest<T> request, @Nullable Deadline deadline) {
			return sendAll(List.of(request)).get(0);
		}

		@Override
		public RedisLink following(String key) {
			return linkTo(key);
		}

		@Override
		public boolean isClosed() {
			return false;
		}

		@Override
		public boolean isConnected() {
			return true;
		}

		@Override
		public boolean mayWait() {
			return true;
		}

		@Override
		public boolean awaitConnection(Duration atMost) {
			return true;
		}

		@Override
		public CompletableFuture<Void> whenConnected() {
			return CompletableFuture.completedFuture(null);
		}

		@Override
		public NotConnectedException notConnected() {
			throw new UnsupportedOperationException();
		}

		@Override
		public void reset() {
		}

		@Override
		public void close() {
		}

	}

}
