package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.redis.DeadLetterPlace;
import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.GroupClient;
import dev.pubsub.redis.internal.redis.GroupCommands.ConsumerState;
import dev.pubsub.redis.internal.redis.GroupPosition;
import dev.pubsub.redis.internal.redis.GroupScripts.Copy;
import dev.pubsub.redis.internal.redis.KnownProgress;
import dev.pubsub.redis.internal.redis.PendingEntry;
import dev.pubsub.redis.internal.redis.RedisFault;
import dev.pubsub.redis.internal.redis.RedisLink;
import dev.pubsub.redis.internal.redis.ReplyLimit;
import dev.pubsub.redis.internal.redis.StreamConnections;
import dev.pubsub.redis.internal.redis.StreamEntry;
import dev.pubsub.redis.internal.redis.StreamGroup;
import dev.pubsub.redis.internal.redis.StreamProgress;
import dev.pubsub.redis.internal.redis.TakenEntry;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The fake group does what a server does: the same commands by chance on both, reply by
 * reply. An idle time is set, not waited for.
 */
@RedisTest
class FakeGroupContractIntegrationTests {

	private static final Duration LEASE = Duration.ofMinutes(10);

	private static final Duration OLD = Duration.ofHours(1);

	private static final int ENTRIES = 6;

	/**
	 * Whether a read that finds nothing makes a consumer known depends on the version.
	 */
	private static final String NOTHING_OWNED = "nothing owned";

	private final TestRedis redis;

	/** It keeps deleted entries pending, which the fake does not. */
	private final boolean redis6;

	private final BackgroundThreads threads = BackgroundThreads.platform();

	private final StreamConnections connections;

	private final RedisLink link;

	private final Map<Class<?>, Long> generations = new HashMap<>();

	private final Set<Command> answered = EnumSet.noneOf(Command.class);

	private final Set<Command> refused = EnumSet.noneOf(Command.class);

	FakeGroupContractIntegrationTests(TestRedis redis) throws InterruptedException {
		this.redis = redis;
		this.redis6 = redis.isRedis6();
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

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 5, 8, 13, 21, 34, 55, 89 })
	void answersAsAServerDoes(long seed) {
		compare(new Random(seed), 250);
	}

	@Test
	void everyCommandIsCompared() {
		for (long seed = 1000; seed < 1020; seed++) {
			compare(new Random(seed), 150);
		}

		assertThat(this.answered).containsAll(EnumSet.allOf(Command.class));
		assertThat(this.refused).contains(Command.READ, Command.PENDING, Command.RENEW, Command.CLAIM, Command.TAKE,
				Command.BACKOFF, Command.RELEASE, Command.DEAD, Command.GIVE_UP, Command.CREATE, Command.CONSUMER,
				Command.REAP);
	}

	private void compare(Random random, int steps) {
		String stream = this.redis.key("contract" + Math.abs(random.nextLong()));
		StreamGroup group = new StreamGroup(stream, "g");
		FakeGroup fake = new FakeGroup(group, System::currentTimeMillis);
		List<String> trace = new ArrayList<>();
		this.generations.clear();
		for (int i = 0; i < steps; i++) {
			Command command = Command.values()[random.nextInt(Command.values().length)];
			String consumer = "c" + random.nextInt(2);
			EntryId id = new EntryId(1 + random.nextInt(ENTRIES), 0);
			int dice = random.nextInt(100);
			if (change(random.nextInt(60), fake, stream, trace)) {
				continue;
			}
			String real = perform(command, GroupClient.over(this.link, group, consumer), id, dice);
			String imagined = perform(command, new FakeGroupClient(fake, consumer, FakeGroupClient.Wire.NONE), id,
					dice);
			(real.startsWith("!") ? this.refused : this.answered).add(command);
			trace.add(command + " " + consumer + " " + id + " " + dice + ": " + real);
			assertThat(imagined).as("after %s", trace).isEqualTo(real);
			assertThat(list(new FakeGroupClient(fake, consumer, FakeGroupClient.Wire.NONE))).as("after %s", trace)
				.isEqualTo(list(GroupClient.over(this.link, group, consumer)));
		}
		this.redis.execute("DEL", stream);
		this.redis.execute("DEL", stream + ":dlq");
	}

	/**
	 * Change what no consumer does.
	 */
	private boolean change(int dice, FakeGroup fake, String stream, List<String> trace) {
		long next = fake.last.millis() + 1;
		if (dice < 12 && next <= ENTRIES) {
			this.redis.execute("XADD", stream, next + "-0", "n", Long.toString(next));
			fake.add(new EntryId(next, 0), EntryFields.builder().add("n", Long.toString(next)).build());
			trace.add("XADD " + next);
			return true;
		}
		if (dice == 58 && fake.groupExists) {
			this.redis.execute("XGROUP", "DESTROY", stream, "g");
			fake.destroy();
			trace.add("XGROUP DESTROY");
			return true;
		}
		if (dice == 59) {
			this.redis.execute("DEL", stream);
			fake.delete();
			trace.add("DEL");
			return true;
		}
		return false;
	}

	private static String list(GroupClient client) {
		return render(client.pending(Duration.ZERO, null, 100));
	}

	private String perform(Command command, GroupClient client, EntryId id, int dice) {
		EntryId other = new EntryId(1 + dice % ENTRIES, 0);
		List<EntryId> ids = (dice < 70) ? List.of(id) : Stream.of(id, other).distinct().sorted().toList();
		String dlq = client.group().stream() + ":dlq";
		DeadLetterPlace place = new DeadLetterPlace((dice % 3 > 0) ? dlq : null, 0, false);
		EntryFields letter = EntryFields.builder().add("reason", "test").build();
		ReplyLimit limit = (dice < 90) ? ReplyLimit.NONE : ReplyLimit.NO_PAYLOAD;
		return switch (command) {
			case CREATE -> render(client.create((dice < 60) ? "0" : (dice < 80) ? "$" : id.toString()));
			case READ -> render(client.read(1 + dice % 3, Duration.ofMillis(1), dice > 90, 1L << 40));
			case ACK -> render(client.acknowledge(ids));
			case DELETE -> (dice < 40 && !this.redis6) ? render(client.delete(ids)) : "";
			case PENDING -> render(client.pending((dice < 50) ? LEASE : Duration.ZERO, (dice % 2 > 0) ? id : null, 2));
			case OWN_PENDING -> render(client.ownPending((dice % 2 > 0) ? id : null, 2));
			case CONSUMER -> render(client.consumer("c" + dice % 3));
			case CLAIM -> render(client.claim((dice % 4 > 0) ? LEASE : Duration.ZERO, ids, limit));
			case TAKE -> render(client.take(ids, limit));
			case RENEW -> render(client.renew(ids));
			case BACKOFF -> render(client.backoff(id, (dice % 2 > 0) ? OLD : Duration.ofMinutes(5),
					(dice < 30) ? Duration.ofHours(2) : Duration.ZERO));
			case RELEASE -> render(client.release(ids));
			case GIVE_UP ->
				render(client.giveUp(id, LEASE, 1 + dice % 3, place, letter, (dice < 80) ? Copy.ALL : Copy.NONE))
						+ letters(client, dlq);
			case DEAD -> render(client.deadLetter(id, place, letter, dice % 2 > 0)) + letters(client, dlq);
			case PROGRESS -> render(client.progress());
			case REAP -> render(client.reapSelf().thenApply((count) -> "done"));
			case REAP_OTHERS -> render(client.reapOthers(LEASE).thenApply((count) -> "done"));
			case LAST_ID -> render(client.lastId());
			case BEGIN -> render(known(client, client.begin(id)));
			case BEGIN_AGAIN -> {
				long generation = (dice % 3 > 0) ? this.generations.getOrDefault(client.getClass(), 0L) : 0;
				KnownProgress known = new KnownProgress(id, (dice < 20) ? EntryId.ZERO : id, (dice < 40) ? other : null,
						dice % 2 > 0, generation);
				yield render((dice % 5 > 0) ? known(client, client.beginAgain(known)) : client.beginAgain(known));
			}
			case LENGTH -> render(client.length(client.group().stream()));
		};
	}

	/**
	 * Have the next questions know of the generation that is told.
	 */
	private CompletableFuture<GroupPosition> known(GroupClient client, CompletableFuture<GroupPosition> reply) {
		return reply.thenApply((position) -> {
			this.generations.put(client.getClass(), position.generation());
			return position;
		});
	}

	private static String letters(GroupClient client, String dlq) {
		return ", letters " + render(client.length(dlq));
	}

	private static String render(CompletableFuture<?> reply) {
		try {
			return render(reply.get(5, TimeUnit.SECONDS));
		}
		catch (Exception ex) {
			return "!" + RedisFault.of(ex);
		}
	}

	private static String render(Object reply) {
		if (reply instanceof List<?> list) {
			return list.stream().map(FakeGroupContractIntegrationTests::render).toList().toString();
		}
		if (reply instanceof Optional<?> optional) {
			return optional.map(FakeGroupContractIntegrationTests::render).orElse(NOTHING_OWNED);
		}
		if (reply instanceof ConsumerState state) {
			return (state.pending() > 0) ? "pending " + state.pending() : NOTHING_OWNED;
		}
		if (reply instanceof PendingEntry entry) {
			return entry.id() + " " + entry.consumer() + " x" + entry.deliveries() + " idle "
					+ Duration.ofMillis(entry.idleMillis()).toMinutes();
		}
		if (reply instanceof StreamEntry entry) {
			EntryFields fields = entry.fields();
			return entry.id() + " " + ((fields != null) ? fields.getText("n") : "without fields");
		}
		if (reply instanceof TakenEntry taken) {
			return taken.ownership() + " " + taken.isLeftOut() + " " + render(taken.entry()) + " "
					+ render(taken.pending());
		}
		if (reply instanceof StreamProgress progress) {
			return progress.last() + " " + progress.first() + " " + progress.length() + " " + progress.delivered();
		}
		if (reply instanceof GroupPosition position) {
			return position.delivered() + " " + position.moved() + " " + position.again() + " "
					+ (position.generation() > 0);
		}
		return String.valueOf(reply);
	}

	private enum Command {

		CREATE, READ, ACK, DELETE, PENDING, OWN_PENDING, CONSUMER, CLAIM, TAKE, RENEW, BACKOFF, RELEASE, GIVE_UP, DEAD,
		PROGRESS, REAP, REAP_OTHERS, LAST_ID, LENGTH, BEGIN, BEGIN_AGAIN

	}

}
