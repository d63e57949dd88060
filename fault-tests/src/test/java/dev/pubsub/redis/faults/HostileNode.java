package dev.pubsub.redis.faults;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.StreamMessage;
import dev.pubsub.redis.annotation.StreamSubscribe;
import dev.pubsub.redis.observe.MessageEvent;
import dev.pubsub.redis.observe.Outcome;
import dev.pubsub.redis.observe.StreamObserver;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * An application that reads what anybody may write: one stream in several ways, and
 * another stream beside it that must not notice.
 */
final class HostileNode {

	private HostileNode() {
	}

	public static void main(String[] args) throws Exception {
		Arguments arguments = Arguments.parse(args);
		Journal journal = Journal.open(Path.of(arguments.text("journal", "")));
		List<String> properties = new ArrayList<>(List.of("pubsub.redis.url=" + arguments.text("url", ""),
				"pubsub.redis.lease=" + arguments.text("lease", "5000") + "ms", "pubsub.redis.retry-count=2",
				"pubsub.redis.backoff.delay=200ms", "spring.main.web-application-type=none",
				"spring.main.banner-mode=off", "logging.level.root=INFO"));
		new SpringApplicationBuilder(Application.class).properties(properties.toArray(new String[0]))
			.initializers((context) -> context.getBeanFactory().registerSingleton("journal", journal))
			.run();
		journal.write("READY");
		// Until the test is gone.
		while (System.in.read() >= 0) {
			Runtime runtime = Runtime.getRuntime();
			System.gc();
			journal.write("COST", "-", 0, Long.toString(runtime.totalMemory() - runtime.freeMemory()));
		}
		Runtime.getRuntime().halt(1);
	}

	/**
	 * What the messages should be.
	 *
	 * @param name a text
	 * @param amount a number
	 * @param lines a list
	 */
	record Order(String name, double amount, List<String> lines) {

	}

	@EnableAutoConfiguration
	@Configuration(proxyBeanMethods = false)
	static class Application {

		private final Journal journal;

		Application(Journal journal) {
			this.journal = journal;
		}

		@StreamSubscribe(value = "hostile", group = "orders")
		void order(Order order) {
		}

		@StreamSubscribe(value = "hostile", group = "maps")
		void map(Map<String, Object> map) {
		}

		@StreamSubscribe(value = "hostile", group = "texts")
		void text(String text) {
		}

		@StreamSubscribe(value = "hostile", group = "fields")
		void fields(StreamMessage<EntryFields> message) {
		}

		@StreamSubscribe(value = "hostile", group = "batches")
		void batch(List<Order> orders) {
		}

		@StreamSubscribe(value = "large", group = "raw")
		void large(StreamMessage<EntryFields> message) {
		}

		@StreamSubscribe(value = "large", group = "texts")
		void largeText(String text) {
		}

		@StreamSubscribe(value = "neighbour", group = "neighbours")
		void neighbour(StreamMessage<EntryFields> message) {
			long sent = Long.parseLong(String.valueOf(message.payload().getText("t")));
			this.journal.write("NEIGHBOUR", message.id().getValue(), message.attempt(),
					Long.toString((System.nanoTime() - sent) / 1000));
		}

		@Bean
		StreamObserver observer() {
			return (event) -> {
				if (event.kind() == MessageEvent.Kind.OUTCOME && event.outcome() != Outcome.FAILED
						&& !event.stream().equals("neighbour")) {
					this.journal.write(String.valueOf(event.outcome()), event.id().getValue(), event.attempt(),
							event.group());
				}
			};
		}

	}

}
