package dev.pubsub.redis.listener;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

import dev.pubsub.redis.PayloadConversionException;
import dev.pubsub.redis.observe.MessageEvent;
import dev.pubsub.redis.observe.Outcome;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.Exceptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Failures that proxies, reflection and futures wrap.
 */
@RedisTest
class WrappedFailureIntegrationTests extends ListenerTest {

	private static final IOException FAILURE = new IOException("no disk");

	private final List<Throwable> told = new CopyOnWriteArrayList<>();

	private final ContainerFixture node;

	WrappedFailureIntegrationTests(TestRedis redis) {
		super(redis);
		this.node = this.nodes.add();
	}

	static Stream<Exception> wrappers() {
		return Stream.of(new UndeclaredThrowableException(FAILURE), new InvocationTargetException(FAILURE),
				new CompletionException(FAILURE), new ExecutionException(FAILURE),
				new ExecutionException(new CompletionException(new UndeclaredThrowableException(FAILURE))),
				Exceptions.propagate(FAILURE));
	}

	@ParameterizedTest
	@MethodSource("wrappers")
	void excludedFailureIsNotRetriedWhateverWrapsIt(Exception wrapped) {
		start(Redelivery.defaults().withExclude(Set.of(IOException.class)), wrapped);

		assertThat(deadLetter()).containsEntry("__DLQ_REASON", "not-retryable")
			.containsEntry("__DLQ_ATTEMPTS", "1")
			.containsEntry("__DLQ_EXCEPTION", IOException.class.getName());
		assertThat(this.told).containsExactly(FAILURE);
		assertThat(this.node.messages).filteredOn((event) -> event.outcome() == Outcome.DEAD_LETTERED)
			.extracting(MessageEvent::error)
			.containsExactly(FAILURE);
	}

	@Test
	void failureThatIsNotIncludedIsNotRetriedForItsWrapper() {
		start(Redelivery.defaults().withInclude(Set.of(RuntimeException.class)),
				new UndeclaredThrowableException(FAILURE));

		assertThat(deadLetter()).containsEntry("__DLQ_REASON", "not-retryable");
	}

	@Test
	void wrapperThatIsNamedItselfIsMatched() {
		start(Redelivery.defaults().withExclude(Set.of(ExecutionException.class)), new ExecutionException(FAILURE));

		assertThat(deadLetter()).containsEntry("__DLQ_REASON", "not-retryable")
			.containsEntry("__DLQ_EXCEPTION", ExecutionException.class.getName());
	}

	@Test
	void otherExceptionsKeepTheirCause() {
		start(Redelivery.defaults().withRetryCount(0), new UncheckedIOException(FAILURE));

		assertThat(deadLetter()).containsEntry("__DLQ_REASON", "attempts-exhausted")
			.containsEntry("__DLQ_EXCEPTION", UncheckedIOException.class.getName());
	}

	@Test
	void unreadablePayloadIsOneBehindAWrapper() {
		start(Redelivery.defaults(), new CompletionException(new PayloadConversionException("no JSON")));

		assertThat(deadLetter()).containsEntry("__DLQ_REASON", "unreadable");
	}

	@Test
	void failuresOfABatchAreLookedInto() {
		this.redis.xadd(this.stream, Map.of("name", "bad"));
		this.redis.xadd(this.stream, Map.of("name", "good"));
		this.node.start(Subscription.ofBatches(this.stream, "billing", (messages, acknowledgments) -> {
			throw new ExecutionException(
					new BatchFailureException(messages.get(0).id(), new UndeclaredThrowableException(FAILURE)));
		})
			.withOptions(Nodes.quick().withThreads(1))
			.withRedelivery(Redelivery.defaults().withExclude(Set.of(IOException.class))));

		assertThat(deadLetter()).containsEntry("name", "bad")
			.containsEntry("__DLQ_EXCEPTION", IOException.class.getName());
		await().until(() -> this.node.outcomes().contains(Outcome.HANDLED));
	}

	private void start(Redelivery redelivery, Exception thrown) {
		this.redis.xadd(this.stream, Map.of("name", "order"));
		this.node.start(Subscription.of(this.stream, "billing", (message, acknowledgment) -> {
			throw thrown;
		})
			.withOptions(Nodes.quick())
			.withRedelivery(redelivery)
			.withErrorHandler((failure) -> this.told.add(failure.exception())));
	}

	private Map<String, String> deadLetter() {
		String key = "{" + this.stream + "}:dlq";
		await().until(() -> this.redis.xlen(key) == 1);
		List<?> fields = (List<?>) ((List<?>) this.redis.executeForList("XRANGE", key, "-", "+").get(0)).get(1);
		Map<String, String> letter = new HashMap<>();
		for (int i = 0; i < fields.size(); i += 2) {
			letter.put(String.valueOf(fields.get(i)), String.valueOf(fields.get(i + 1)));
		}
		return letter;
	}

}
