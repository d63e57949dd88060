package dev.pubsub.redis.annotation;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import dev.pubsub.redis.Delivery;
import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.StreamMessage;
import dev.pubsub.redis.codec.JacksonPayloadCodec;
import dev.pubsub.redis.listener.Acknowledgment;
import dev.pubsub.redis.listener.StreamHandler;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.data.redis.connection.stream.RecordId;
import org.springframework.messaging.handler.annotation.Header;

/**
 * What it costs to make the arguments of an annotated method and to call it. The handlers
 * are not public, hence the package.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class HandlerBenchmark {

	private static final Acknowledgment NO_ACKNOWLEDGMENT = new NoAcknowledgment();

	private final Listener listener = new Listener();

	private final StreamHandler raw = handler("raw");

	private final StreamHandler text = handler("text");

	private final StreamHandler withHeader = handler("withHeader");

	private final StreamMessage<EntryFields> message = StreamMessage.of(EntryFields.builder()
		.add("payload", "hello")
		.add("__CONTENT_TYPE", "text/plain")
		.add("__PUBLISH_TIME", "1795253298000")
		.add("__SOURCE", "producer")
		.add("__H_tenant", "acme")
		.build(), Delivery.of(RecordId.of(1795253298000L, 7), "orders", "billing", "node-1"));

	/**
	 * A plain call of the same method.
	 */
	@Benchmark
	public @Nullable Object direct() {
		this.listener.raw(this.message);
		return this.listener.last;
	}

	/**
	 * The call alone: nothing is decoded.
	 */
	@Benchmark
	public @Nullable Object raw() throws Exception {
		this.raw.handle(this.message, NO_ACKNOWLEDGMENT);
		return this.listener.last;
	}

	@Benchmark
	public @Nullable Object text() throws Exception {
		this.text.handle(this.message, NO_ACKNOWLEDGMENT);
		return this.listener.last;
	}

	/**
	 * A header makes Spring's message of ours.
	 */
	@Benchmark
	public @Nullable Object withHeader() throws Exception {
		this.withHeader.handle(this.message, NO_ACKNOWLEDGMENT);
		return this.listener.last;
	}

	private StreamHandler handler(String name) {
		for (Method method : Listener.class.getDeclaredMethods()) {
			if (method.getName().equals(name)) {
				StreamSubscribe annotation = Objects.requireNonNull(method.getAnnotation(StreamSubscribe.class));
				Arguments arguments = new Arguments(JacksonPayloadCodec.create(), null,
						new DefaultListableBeanFactory());
				Declaration declaration = new Declaration("listener", Listener.class, method, annotation);
				return (MethodStreamHandler) new MethodHandlers(arguments, List.of()).create(declaration,
						this.listener);
			}
		}
		throw new IllegalArgumentException("No method " + name);
	}

	static class Listener {

		private @Nullable Object last;

		@StreamSubscribe("orders")
		void raw(StreamMessage<?> message) {
			this.last = message;
		}

		@StreamSubscribe("orders")
		void text(String text) {
			this.last = text;
		}

		@StreamSubscribe("orders")
		void withHeader(String text, @Header("tenant") String tenant) {
			this.last = tenant;
		}

	}

	private static final class NoAcknowledgment implements Acknowledgment {

		@Override
		public void acknowledge() {
		}

		@Override
		public void retry() {
		}

		@Override
		public void retry(Duration delay) {
		}

		@Override
		public void reject(String reason) {
		}

		@Override
		public void extend(Duration time) {
		}

	}

}
