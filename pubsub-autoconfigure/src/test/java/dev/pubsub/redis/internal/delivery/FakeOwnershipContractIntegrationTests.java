package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.EntryFormat;
import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.Fence;
import dev.pubsub.redis.internal.redis.GroupClient;
import dev.pubsub.redis.internal.redis.OwnerGrant;
import dev.pubsub.redis.internal.redis.OwnerLease;
import dev.pubsub.redis.internal.redis.OwnerTakeover;
import dev.pubsub.redis.internal.redis.RedisFault;
import dev.pubsub.redis.internal.redis.RedisLink;
import dev.pubsub.redis.internal.redis.ReplyLimit;
import dev.pubsub.redis.internal.redis.StreamConnections;
import dev.pubsub.redis.internal.redis.StreamGroup;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The ownership of the fake group does what the scripts do on a server: the same commands
 * by chance on both, reply by reply. A lease is over at once or never.
 */
@RedisTest
class FakeOwnershipContractIntegrationTests {

	private static final Duration LONG = Duration.ofMinutes(10);

	private final TestRedis redis;

	private final BackgroundThreads threads = BackgroundThreads.platform();

	private final StreamConnections connections;

	private final RedisLink link;

	private final Set<Command> answered = EnumSet.noneOf(Command.class);

	private final Set<Command> refused = EnumSet.noneOf(Command.class);

	FakeOwnershipContractIntegrationTests(TestRedis redis) throws InterruptedException {
		this.redis = redis;
		this.connections = StreamConnections.to(redis.connectionFactory(), this.threads);
		this.link = this.connections.open("contract", Duration.ofSeconds(5));
		this.link.awaitConnection(Duration.ofSeconds(5));
	}

	@AfterEach
	void close() {
		this.link.close();
		this.connections.close();
		this.threads.close();
	}

	@Test
	void answersAsAServerDoes() {
		for (long seed = 1; seed <= 30; seed++) {
			compare(new Random(seed));
		}

		assertThat(this.answered).containsAll(EnumSet.allOf(Command.class));
		assertThat(this.refused).contains(Command.READ, Command.CLAIM, Command.TAKE_OVER);
	}

	private void compare(Random random) {
		String stream = this.redis.key("owned" + Math.abs(random.nextLong()));
		StreamGroup group = new StreamGroup(stream, "g");
		FakeGroup fake = new FakeGroup(group, System::currentTimeMillis);
		fake.create("0");
		this.redis.execute("XGROUP", "CREATE", stream, "g", "0", "MKSTREAM");
		Side real = new RealSide(group);
		Side imagined = new FakeSide(fake);
		List<String> trace = new ArrayList<>();
		for (int i = 0; i < 100; i++) {
			if (random.nextInt(4) == 0) {
				EntryId id = new EntryId(fake.last.millis() + 1, 0);
				String key = "key" + random.nextInt(3);
				this.redis.execute("XADD", stream, id.toString(), EntryFormat.KEY, key);
				fake.add(id, EntryFields.builder().add(EntryFormat.KEY, key).build());
				trace.add("XADD " + id);
			}
			Command command = Command.values()[random.nextInt(Command.values().length)];
			String consumer = "c" + random.nextInt(3);
			int dice = random.nextInt(100);
			String reply = real.perform(command, consumer, dice);
			trace.add(command + " " + consumer + " " + dice + ": " + reply);
			assertThat(imagined.perform(command, consumer, dice)).as("after %s", trace).isEqualTo(reply);
			(reply.startsWith("!") ? this.refused : this.answered).add(command);
		}
	}

	private enum Command {

		ACQUIRE, RENEW, RELEASE, READ, READ_ANEW, TAKE_OVER, CLAIM

	}

	/**
	 * A server, or the fake one, with what each consumer knows of its last ownership.
	 */
	private abstract static class Side {

		private final Map<String, Long> tokens = new HashMap<>();

		private final Map<String, GroupClient> clients = new HashMap<>();

		private long highest;

		String perform(Command command, String consumer, int dice) {
			long token = this.tokens.getOrDefault(consumer, 0L);
			GroupClient client = this.clients.computeIfAbsent(consumer, (name) -> client(name, token));
			OwnerLease lease = lease((dice < 60) ? LONG : Duration.ZERO);
			return switch (command) {
				case ACQUIRE -> render(lease.acquire(consumer).thenApply((grant) -> granted(consumer, grant)));
				case RENEW -> render(lease.renew(consumer, token).thenApply(this::render));
				case RELEASE -> render(lease.release(consumer, (dice % 5 > 0) ? token : 0));
				case READ -> render(client.read(2, Duration.ofMillis(1), false, 1L << 40)
					.thenApply((entries) -> entries.stream().map((entry) -> entry.id().toString()).toList()));
				case READ_ANEW -> {
					this.clients.put(consumer, client(consumer, token));
					yield "";
				}
				case TAKE_OVER -> render(takeover(consumer, token)
					.take((dice % 3 > 0) ? null : new EntryId(dice % 7, 0), 1 + dice % 4, EntryFormat.KEY)
					.thenApply(List::toString));
				case CLAIM -> render(client.claim(Duration.ZERO, List.of(new EntryId(1 + dice % 9, 0)), ReplyLimit.NONE)
					.thenApply((taken) -> taken.stream()
						.map((entry) -> entry.ownership().toString())
						.collect(Collectors.joining(" "))));
			};
		}

		private String granted(String consumer, OwnerGrant grant) {
			if (!grant.isGranted()) {
				return render(grant);
			}
			boolean rises = grant.token() > this.highest;
			this.highest = grant.token();
			this.tokens.put(consumer, grant.token());
			this.clients.put(consumer, client(consumer, grant.token()));
			return render(grant) + (rises ? " with a new token" : " with an old token");
		}

		private String render(OwnerGrant grant) {
			return grant.isGranted() + " " + grant.owner() + " " + grant.standby() + " "
					+ (grant.rest().compareTo(LONG.dividedBy(2)) > 0);
		}

		private static String render(CompletableFuture<?> reply) {
			try {
				return String.valueOf(reply.get(5, TimeUnit.SECONDS));
			}
			catch (Exception ex) {
				return "!" + RedisFault.of(ex);
			}
		}

		abstract Fence fence(String consumer, long token);

		abstract GroupClient client(String consumer, long token);

		abstract OwnerLease lease(Duration duration);

		abstract OwnerTakeover takeover(String consumer, long token);

	}

	private final class RealSide extends Side {

		private final StreamGroup group;

		RealSide(StreamGroup group) {
			this.group = group;
		}

		@Override
		Fence fence(String consumer, long token) {
			return new Fence(this.group, consumer, token, () -> {
			});
		}

		@Override
		GroupClient client(String consumer, long token) {
			return GroupClient.over(FakeOwnershipContractIntegrationTests.this.link, this.group, consumer,
					fence(consumer, token));
		}

		@Override
		OwnerLease lease(Duration duration) {
			return OwnerLease.over(FakeOwnershipContractIntegrationTests.this.link, this.group, duration);
		}

		@Override
		OwnerTakeover takeover(String consumer, long token) {
			return OwnerTakeover.over(FakeOwnershipContractIntegrationTests.this.link, this.group, consumer,
					fence(consumer, token));
		}

	}

	private static final class FakeSide extends Side {

		private final FakeGroup server;

		FakeSide(FakeGroup server) {
			this.server = server;
		}

		@Override
		Fence fence(String consumer, long token) {
			return new Fence(this.server.name, consumer, token, () -> {
			});
		}

		@Override
		FakeGroupClient client(String consumer, long token) {
			return new FakeGroupClient(this.server, consumer, FakeGroupClient.Wire.NONE).behind(fence(consumer, token));
		}

		@Override
		OwnerLease lease(Duration duration) {
			return new FakeOwnerLease(this.server, FakeGroupClient.Wire.NONE, duration);
		}

		@Override
		OwnerTakeover takeover(String consumer, long token) {
			return client(consumer, token)::takeOver;
		}

	}

}
