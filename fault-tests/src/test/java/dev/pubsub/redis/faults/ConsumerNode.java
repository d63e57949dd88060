package dev.pubsub.redis.faults;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

import com.sun.management.OperatingSystemMXBean;
import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.PayloadConversionException;
import dev.pubsub.redis.StreamMessage;
import dev.pubsub.redis.actuate.PubSubHealthIndicator;
import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.redis.StreamConnections;
import dev.pubsub.redis.listener.AckMode;
import dev.pubsub.redis.listener.Acknowledgment;
import dev.pubsub.redis.listener.RetryBackoff;
import dev.pubsub.redis.listener.ContainerOptions;
import dev.pubsub.redis.listener.ContainerEvent;
import dev.pubsub.redis.listener.ContainerState;
import dev.pubsub.redis.listener.Redelivery;
import dev.pubsub.redis.listener.StreamListenerContainerRegistry;
import dev.pubsub.redis.listener.Subscription;
import dev.pubsub.redis.observe.MessageEvent;
import dev.pubsub.redis.observe.Outcome;
import dev.pubsub.redis.observe.OwnershipChange;
import dev.pubsub.redis.observe.StreamObserver;

import org.springframework.boot.health.contributor.Status;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.stream.RecordId;

/**
 * A process that consumes. Messages say what their handler does: {@code ms} how long it
 * takes, {@code do} how it ends. Ends with {@code SIGTERM}; obeys words on its standard
 * input.
 */
final class ConsumerNode {

	private final Arguments arguments;

	private final Journal journal;

	private final ScarceThreads scarce = new ScarceThreads();

	private final BackgroundThreads threads = BackgroundThreads.of(this.scarce);

	private final StreamConnections connections;

	private final StreamListenerContainerRegistry registry;

	private final CountDownLatch ready;

	private boolean up;

	private ConsumerNode(Arguments arguments) {
		this.arguments = arguments;
		this.journal = Journal.open(Path.of(arguments.text("journal", "")));
		this.ready = new CountDownLatch(arguments.number("listeners", 1));
		LettuceClientConfiguration client = LettuceClientConfiguration.builder()
			.commandTimeout(arguments.millis("client-timeout", 60_000))
			.build();
		this.connections = StreamConnections.to(arguments.text("url", ""), client, this.threads);
		this.registry = StreamListenerContainerRegistry.builder(this.connections)
			.observer(new Told())
			.events(this::changed)
			.build();
	}

	public static void main(String[] args) throws Exception {
		ConsumerNode node = new ConsumerNode(Arguments.parse(args));
		Runtime.getRuntime().addShutdownHook(new Thread(node::stop, "stop"));
		node.run();
	}

	private void run() throws Exception {
		this.registry.start();
		int listeners = this.arguments.number("listeners", 1);
		for (int i = 0; i < listeners; i++) {
			this.registry.register(subscription((i == 0) ? "" : Integer.toString(i)), "faults");
		}
		Thread watch = new Thread(this::watch, "watch");
		watch.setDaemon(true);
		watch.start();
		this.ready.await();
		this.journal.write("READY");
		try (BufferedReader words = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
			for (String word = words.readLine(); word != null; word = words.readLine()) {
				obey(word);
			}
		}
		// The test is gone, and this must not stay behind.
		Runtime.getRuntime().halt(1);
	}

	private void obey(String word) {
		switch (word) {
			case "pause" -> this.registry.pause();
			case "resume" -> this.registry.resume();
			case "restart" -> restart();
			case "no threads" -> this.scarce.setNone(true);
			case "threads" -> this.scarce.setNone(false);
			default -> throw new IllegalArgumentException(word);
		}
	}

	private void restart() {
		this.registry.getContainers().forEach((container) -> {
			container.stop();
			container.start();
		});
		this.journal.write("RESTARTED");
	}

	private void stop() {
		this.registry.stop();
		this.connections.close();
		this.threads.close();
		this.journal.write("STOPPED");
	}

	private Subscription subscription(String suffix) {
		ContainerOptions options = ContainerOptions.defaults()
			.withThreads(this.arguments.number("threads", 10))
			.withReadCount(this.arguments.number("read-count", 128))
			.withLease(this.arguments.millis("lease", 5000))
			.withOrdered(this.arguments.number("ordered", 0) > 0)
			.withAckMode(AckMode.valueOf(this.arguments.text("ack", "ON_SUCCESS")))
			.withShutdownTimeout(this.arguments.millis("shutdown", 20_000))
			.withReapIdleAfter(this.arguments.millis("reap", 3_600_000));
		int partitions = this.arguments.number("partitions", 0);
		options = (partitions > 0) ? options.withPartitions(partitions) : options;
		Redelivery defaults = Redelivery.defaults();
		Redelivery redelivery = defaults.withRetryCount(this.arguments.number("retries", 3))
			.withTimeout(this.arguments.millis("timeout", defaults.timeout().toMillis()))
			.withBackoff(RetryBackoff.fixed(this.arguments.millis("back-off", 200)));
		return Subscription
			.of(this.arguments.text("stream", "") + suffix, this.arguments.text("group", "workers"),
					(message, acknowledgment) -> handle(message, acknowledgment))
			.withOptions(options)
			.withRedelivery(redelivery);
	}

	private void handle(StreamMessage<EntryFields> message, Acknowledgment acknowledgment) throws Exception {
		String id = idOf(message.stream(), message.id());
		EntryFields fields = message.payload();
		OptionalLong token = message.token();
		this.journal.write("START", id, message.attempt(),
				token.isPresent() ? Long.toString(token.getAsLong()) : age(fields));
		try {
			if (message.attempt() <= number(fields, "fails")) {
				throw new IllegalStateException("Told to fail at first");
			}
			Thread.sleep(number(fields, "ms"));
			act(fields.getText("do"));
		}
		catch (Throwable ex) {
			this.journal.write("FAIL", id, message.attempt(), ex.getClass().getSimpleName());
			throw ex;
		}
		this.journal.write("DONE", id, message.attempt(), "");
		if (this.arguments.text("ack", "").equals("MANUAL")) {
			acknowledgment.acknowledge();
		}
	}

	/**
	 * Return what tells a message from all others: ids are unique in a partition only.
	 */
	private String idOf(String stream, RecordId id) {
		return (this.arguments.number("partitions", 0) > 0) ? stream + "/" + id.getValue() : id.getValue();
	}

	private static long number(EntryFields fields, String name) {
		String text = fields.getText(name);
		return (text != null) ? Long.parseLong(text) : 0;
	}

	private static void act(String action) {
		if (action == null) {
			return;
		}
		switch (action) {
			case "fail" -> throw new IllegalStateException("Told to fail");
			case "garbage" -> throw new PayloadConversionException("Told to be unreadable");
			case "halt" -> Runtime.getRuntime().halt(137);
			case "hang" -> hang();
			case "error" -> throw new OutOfMemoryError("Told to end with an error");
			default -> throw new IllegalArgumentException(action);
		}
	}

	/**
	 * Go on for ever, whoever interrupts.
	 */
	private static void hang() {
		while (true) {
			LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
			Thread.interrupted();
		}
	}

	/**
	 * Return how long ago the message was published, in microseconds.
	 */
	private static String age(EntryFields fields) {
		String sent = fields.getText("t");
		return (sent == null) ? "" : Long.toString((System.nanoTime() - Long.parseLong(sent)) / 1000);
	}

	private void changed(ContainerEvent event) {
		if (event.state() == ContainerState.RUNNING) {
			this.ready.countDown();
		}
	}

	/**
	 * Write down health when it changes, and what the process costs.
	 */
	private void watch() {
		OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
		Runtime runtime = Runtime.getRuntime();
		boolean collect = this.arguments.number("collect", 0) > 0;
		PubSubHealthIndicator health = new PubSubHealthIndicator(this.registry, Clock.systemUTC());
		try {
			for (int tick = 0;; tick++) {
				boolean now = health.health().getStatus().equals(Status.UP);
				if (tick == 0 || now != this.up) {
					this.up = now;
					this.journal.write(now ? "UP" : "DOWN");
				}
				if (tick % 50 == 0) {
					if (collect) {
						System.gc();
					}
					long used = runtime.totalMemory() - runtime.freeMemory();
					this.journal.write("COST", "-", 0, system.getProcessCpuTime() + " " + used);
				}
				Thread.sleep(100);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private final class Told implements StreamObserver {

		@Override
		public void onEvent(MessageEvent event) {
			Outcome outcome = event.outcome();
			Enum<?> what = (outcome != null) ? outcome : event.kind();
			if (what != MessageEvent.Kind.STARTED && what != Outcome.FAILED) {
				ConsumerNode.this.journal.write(what.name(), idOf(event.stream(), event.id()), event.attempt(), "");
			}
		}

		@Override
		public void onOwnershipChange(OwnershipChange change) {
			ConsumerNode.this.journal.write(change.gained() ? "GAINED" : "LOST", change.stream(), 0,
					Long.toString(change.token()));
		}

	}

}
