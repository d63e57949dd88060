package dev.pubsub.redis.internal.redis;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import io.lettuce.core.RedisURI;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class TopologyTests {

	private final BackgroundThreads threads = BackgroundThreads.platform();

	private final ServerNode one = new ServerNode(RedisURI.create("redis://one"));

	private final ServerNode two = new ServerNode(RedisURI.create("redis://two"));

	private final ServerNode three = new ServerNode(RedisURI.create("redis://three"));

	private final Stub stub = new Stub();

	private final Topology topology = new Topology(this.stub, this.threads);

	@AfterEach
	void close() {
		this.topology.close();
		this.threads.close();
	}

	@Test
	void lateWordOfAnEarlierSwitchDoesNotStay() {
		this.stub.say("s1", new Claim(this.three, 5));
		this.stub.say("s2", new Claim(this.three, 5));
		this.stub.ask("s1", "s2", "s3");
		this.topology.refresh();
		await().until(() -> serving() == this.three);

		this.topology.switched(RedisURI.create("redis://s3"), this.one, this.two);
		rounds(2);

		assertThat(serving()).isSameAs(this.three);
	}

	@Test
	void someThatHaveNotHeardDoNotOutvoteTheOneThatHas() {
		this.stub.say("x", new Claim(this.two, 21));
		for (String late : List.of("a", "b", "c", "d", "e")) {
			this.stub.say(late, new Claim(this.one, 1));
		}
		this.stub.ask("x");
		this.topology.refresh();
		await().until(() -> serving() == this.two);

		this.stub.ask("x", "a", "b", "c", "d", "e");
		rounds(2);

		assertThat(serving()).isSameAs(this.two);
	}

	@Test
	void deadAddressDoesNotKeepWhatIsNoLongerSo() {
		this.stub.say("a", new Claim(this.one, 9));
		this.stub.say("b", new Claim(this.one, 9));
		this.stub.ask("a", "b", "dead");
		this.topology.refresh();
		await().until(() -> serving() == this.one);

		this.stub.say("a", new Claim(this.two, 1));
		this.stub.say("b", new Claim(this.two, 1));
		rounds(2);

		assertThat(serving()).isSameAs(this.two);
	}

	private @Nullable ServerNode serving() {
		Routes routes = this.topology.routes();
		return (routes != null) ? routes.serving(0) : null;
	}

	private void rounds(int count) {
		int before = this.stub.rounds.get();
		this.topology.refresh();
		await().until(() -> this.stub.rounds.get() > before + count);
	}

	private static final class Stub implements Discovery {

		private final Map<RedisURI, ServerView> views = new ConcurrentHashMap<>();

		private final AtomicInteger rounds = new AtomicInteger();

		private volatile List<RedisURI> sources = List.of();

		void say(String source, Claim claim) {
			this.views.put(RedisURI.create("redis://" + source), ServerView.of(claim));
		}

		void ask(String... sources) {
			this.sources = Arrays.stream(sources).map((source) -> RedisURI.create("redis://" + source)).toList();
		}

		@Override
		public List<RedisURI> configured() {
			this.rounds.incrementAndGet();
			return this.sources;
		}

		@Override
		public CompletableFuture<ServerView> ask(RedisURI source) {
			ServerView view = this.views.get(source);
			return (view != null) ? CompletableFuture.completedFuture(view)
					: CompletableFuture.failedFuture(new IllegalStateException("Away"));
		}

	}

}
