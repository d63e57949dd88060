package dev.pubsub.redis.nodes;

import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

import dev.pubsub.redis.StreamMessage;
import dev.pubsub.redis.admin.AbsentStream;
import dev.pubsub.redis.admin.ClaimOptions;
import dev.pubsub.redis.admin.ConsumerHandle;
import dev.pubsub.redis.admin.GroupHandle;
import dev.pubsub.redis.admin.IdRange;
import dev.pubsub.redis.admin.PendingQuery;
import dev.pubsub.redis.admin.StreamAdmin;
import dev.pubsub.redis.admin.TrimOptions;
import dev.pubsub.redis.cron.CronJob;
import dev.pubsub.redis.cron.CronSchedule;
import dev.pubsub.redis.cron.CronScheduler;
import dev.pubsub.redis.listener.ContainerOptions;
import dev.pubsub.redis.listener.Redelivery;
import dev.pubsub.redis.listener.RetryBackoff;
import dev.pubsub.redis.listener.StartFrom;
import dev.pubsub.redis.listener.StreamListenerContainer;
import dev.pubsub.redis.listener.Subscription;
import dev.pubsub.redis.producer.Durability;
import dev.pubsub.redis.producer.PublishOptions;
import dev.pubsub.redis.producer.RedisStreamProducer;

import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.stream.RecordId;

/**
 * An application that makes use of everything, step by step.
 */
final class Shop implements AutoCloseable {

	private static final String GROUP = "billing";

	private final String stream;

	private final Function<String[], Object> redis;

	private final NodesApplication application;

	private final RedisStreamProducer producer;

	private final StreamListenerContainer container;

	private final CronScheduler cron;

	private final StreamAdmin admin;

	private final Set<String> handled = ConcurrentHashMap.newKeySet();

	private final CountDownLatch slow = new CountDownLatch(1);

	private boolean closed;

	/**
	 * Open a shop.
	 * @param server the servers
	 * @param stream key of its only stream
	 * @param redis runs commands on the server of the stream, with all rights
	 */
	Shop(RedisConfiguration server, String stream, Function<String[], Object> redis) {
		this.stream = stream;
		this.redis = redis;
		addMessageOfConsumerThatIsGone();
		this.application = NodesApplication.on(server);
		this.producer = this.application.producer;
		this.container = StreamListenerContainer.create(this.application.factory, subscription());
		this.cron = CronScheduler.create(this.application.factory);
		this.admin = StreamAdmin.create(this.application.factory);
	}

	private Object redis(String... command) {
		return this.redis.apply(command);
	}

	private void addMessageOfConsumerThatIsGone() {
		redis("XGROUP", "CREATE", this.stream, GROUP, "0", "MKSTREAM");
		redis("XADD", this.stream, "*", "payload", "left");
		redis("XREADGROUP", "GROUP", GROUP, "gone", "STREAMS", this.stream, ">");
	}

	private Subscription subscription() {
		return Subscription.of(this.stream, GROUP, (message, acknowledgment) -> handle(message))
			.withOptions(ContainerOptions.defaults()
				.withStartFrom(StartFrom.EARLIEST)
				.withThreads(4)
				.withBlock(Duration.ofMillis(200))
				.withLease(Duration.ofSeconds(1))
				.withClaimInterval(Duration.ofMillis(200)))
			.withRedelivery(
					Redelivery.defaults().withRetryCount(1).withBackoff(RetryBackoff.fixed(Duration.ofMillis(1500))));
	}

	private void handle(StreamMessage<?> message) throws InterruptedException {
		String item = message.fields().containsKey("payload") ? NodesApplication.payload(message) : "cron";
		if (item.equals("slow")) {
			this.slow.await();
		}
		if (item.equals("broken") || (item.equals("retried") && message.attempt() == 1)) {
			throw new IllegalStateException("Out of stock");
		}
		this.handled.add(item);
	}

	/**
	 * Return the steps of one line of the documentation.
	 * @param user name of the user there
	 */
	List<Step> steps(String user) {
		return switch (user) {
			case "shop" -> List.of(new Step(this::open, () -> hasHandled("left")),
					new Step(this::publish,
							() -> hasHandled("apple", "pear", "plum", "fig", "retried", "cron") && deadLetters() > 0),
					new Step(this::loseGroup, () -> hasHandled("later")),
					new Step(this.slow::countDown, () -> pending() == 0), new Step(this::close, () -> true));
			case "publisher" -> List.of(new Step(this::publishAlone, () -> true));
			case "shop-durability" -> List.of(new Step(this::publishDurably, () -> true));
			case "shop-admin" -> List.of(new Step(this::administer, () -> true));
			default -> throw new IllegalArgumentException(user);
		};
	}

	private boolean hasHandled(String... items) {
		return this.handled.containsAll(List.of(items));
	}

	private long deadLetters() {
		return (Long) redis("XLEN", "{" + this.stream + "}:dlq");
	}

	private long pending() {
		return (Long) ((List<?>) redis("XPENDING", this.stream, GROUP)).get(0);
	}

	private void open() {
		this.container.start();
		this.cron.schedule(CronJob.of(this.stream, CronSchedule.parse("* * * * * *", ZoneOffset.UTC)), "test");
		this.cron.start();
	}

	private void publish() {
		this.producer.publish(this.stream, "slow");
		this.producer.publish(this.stream, "apple");
		this.producer.publishAsync(this.stream, "pear").join();
		PublishOptions once = PublishOptions.defaults().withIdempotencyId("plum");
		this.producer.publish(this.stream, "plum", once);
		this.producer.publish(this.stream, "plum", once);
		this.producer.newSession()
			.add(this.stream, "fig")
			.add(this.stream, "broken")
			.add(this.stream, "retried")
			.commit();
	}

	private void loseGroup() {
		redis("XGROUP", "DESTROY", this.stream, GROUP);
		this.producer.publish(this.stream, "later");
	}

	private void publishAlone() {
		this.producer.publish(this.stream, "alone");
	}

	private void publishDurably() {
		this.producer.publish(this.stream, "durable",
				PublishOptions.defaults().withDurability(Durability.ofReplicas(1)));
	}

	private void administer() {
		String letter = String.valueOf(redis("XADD", "{" + this.stream + "}:dlq", "*", "payload", "dead"));
		this.admin.length(this.stream);
		this.admin.info(this.stream);
		this.admin.range(this.stream, IdRange.all(), 10);
		this.admin.reverseRange(this.stream, IdRange.all(), 10);
		this.admin.read(this.stream, RecordId.of("0-0"), 10, Duration.ofMillis(10));
		this.admin.trim(this.stream, TrimOptions.maxLength(1000));
		this.admin.delete(this.stream, RecordId.of("1-1"));
		this.admin.groups(this.stream);
		GroupHandle audit = this.admin.group(this.stream, "audit");
		audit.create(RecordId.of("0-0"), AbsentStream.CREATE);
		audit.setLastDeliveredId(RecordId.of("0-0"));
		audit.pendingSummary();
		audit.pending(PendingQuery.defaults());
		audit.acknowledge(RecordId.of("1-1"));
		ConsumerHandle consumer = audit.consumer("one");
		consumer.create();
		audit.consumers();
		consumer.claim(ClaimOptions.minIdle(Duration.ZERO), RecordId.of("1-1"));
		consumer.deleteInFavourOf("two");
		audit.consumer("two").delete();
		audit.destroy();
		this.admin.deadLetters(this.stream, IdRange.all(), 10);
		this.admin.redrive(this.stream, RecordId.of(letter));
		this.admin.discard(this.stream, RecordId.of("1-1"));
	}

	/**
	 * Publish a message that is handled.
	 */
	boolean isOpen(String item) {
		this.producer.publish(this.stream, item);
		return hasHandled(item);
	}

	@Override
	public void close() {
		if (this.closed) {
			return;
		}
		this.closed = true;
		this.slow.countDown();
		this.cron.close();
		this.container.stop();
		this.admin.close();
		this.application.close();
	}

	/**
	 * A step of an application.
	 *
	 * @param action what it does
	 * @param isDone whether that has had its effect
	 */
	record Step(Runnable action, BooleanSupplier isDone) {

	}

}
