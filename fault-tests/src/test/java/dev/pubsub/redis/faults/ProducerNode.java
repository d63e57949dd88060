package dev.pubsub.redis.faults;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.redis.StreamConnections;
import dev.pubsub.redis.producer.ProducerOptions;
import dev.pubsub.redis.producer.PublishException;
import dev.pubsub.redis.producer.PublishOptions;
import dev.pubsub.redis.producer.PublishResult;
import dev.pubsub.redis.producer.RedisStreamProducer;

import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;

/**
 * A process that publishes numbered messages at a steady rate, and writes down what
 * became of each.
 */
final class ProducerNode {

	private ProducerNode() {
	}

	public static void main(String[] args) throws Exception {
		Arguments arguments = Arguments.parse(args);
		Journal journal = Journal.open(Path.of(arguments.text("journal", "")));
		BackgroundThreads threads = BackgroundThreads.platform();
		StreamConnections connections = StreamConnections.to(arguments.text("url", ""),
				LettuceClientConfiguration.defaultConfiguration(), threads);
		ProducerOptions options = ProducerOptions.defaults().withTimeout(Duration.ofSeconds(5));
		int partitions = arguments.number("partitions", 0);
		options = (partitions > 0) ? options.withPartitions(arguments.text("stream", ""), partitions) : options;
		try (RedisStreamProducer producer = RedisStreamProducer.builder(connections).options(options).build()) {
			publish(arguments, producer, journal);
		}
		journal.write("STOPPED");
		Runtime.getRuntime().halt(0);
	}

	private static void publish(Arguments arguments, RedisStreamProducer producer, Journal journal)
			throws InterruptedException {
		int count = arguments.number("count", 1000);
		int rate = arguments.number("rate", 1000);
		String stream = arguments.text("stream", "");
		Semaphore inFlight = new Semaphore(256);
		journal.write("SENT", awaitFirst(arguments, producer, stream), 0, "");
		journal.write("READY");
		long start = System.nanoTime();
		for (int number = 1; number < count; number++) {
			long due = start + number * TimeUnit.SECONDS.toNanos(1) / rate;
			for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
				LockSupport.parkNanos(left);
			}
			inFlight.acquire();
			producer.publishAsync(stream, message(arguments, number), options(arguments, number))
				.whenComplete((id, failure) -> {
					if (id != null) {
						journal.write("SENT", id.getValue(), 0, "");
					}
					else {
						journal.write(status(failure), "-", 0, "");
					}
					inFlight.release();
				});
		}
		inFlight.acquire(256);
	}

	/**
	 * Publish the first message as often as it takes: until there is a connection, all
	 * are rejected.
	 */
	private static String awaitFirst(Arguments arguments, RedisStreamProducer producer, String stream)
			throws InterruptedException {
		while (true) {
			try {
				return producer.publish(stream, message(arguments, 0), options(arguments, 0)).getValue();
			}
			catch (PublishException ex) {
				Thread.sleep(50);
			}
		}
	}

	private static Map<String, String> message(Arguments arguments, int number) {
		Map<String, String> message = new LinkedHashMap<>();
		message.put("n", Integer.toString(number));
		message.put("t", Long.toString(System.nanoTime()));
		int millis = arguments.number("ms", 0);
		if (millis > 0) {
			message.put("ms", Integer.toString(millis));
		}
		if (isEvery(number, arguments.number("fail-every", 0), 0)) {
			message.put("do", "fail");
		}
		else if (isEvery(number, arguments.number("garbage-every", 0), 1)) {
			message.put("do", "garbage");
		}
		if (isEvery(number, arguments.number("transient-every", 0), 2)) {
			message.put("fails", "1");
		}
		return message;
	}

	/**
	 * Return the options of a message: its key, if there are any, follows from its
	 * number.
	 */
	private static PublishOptions options(Arguments arguments, int number) {
		int keys = arguments.number("keys", 0);
		PublishOptions defaults = PublishOptions.defaults();
		return (keys > 0) ? defaults.withKey("key" + new SplittableRandom(number).nextInt(keys)) : defaults;
	}

	private static boolean isEvery(int number, int every, int offset) {
		return every > 0 && number % every == offset;
	}

	private static String status(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof PublishException publish) {
				PublishResult.Status status = publish.results().get(0).status();
				return (status == PublishResult.Status.UNKNOWN) ? "UNKNOWN" : "REJECTED";
			}
		}
		return "UNKNOWN";
	}

}
