package dev.pubsub.redis.annotation;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Function;

import dev.pubsub.redis.listener.AckMode;
import dev.pubsub.redis.listener.ContainerOptions;
import dev.pubsub.redis.listener.DeadLetterPolicy;
import dev.pubsub.redis.listener.Redelivery;
import dev.pubsub.redis.listener.RetryBackoff;
import dev.pubsub.redis.listener.StreamErrorHandler;
import dev.pubsub.redis.listener.Subscription;
import org.jspecify.annotations.Nullable;

import org.springframework.format.annotation.DurationFormat.Unit;
import org.springframework.messaging.handler.annotation.support.MethodArgumentNotValidException;
import org.springframework.util.StringValueResolver;

/**
 * Turns a declaration into a subscription: what the annotation says, else the defaults of
 * its stream.
 */
final class SubscriptionFactory {

	private static final String NO_DEAD_LETTERS = "none";

	private final Function<String, SubscriptionDefaults> defaults;

	private final StringValueResolver resolver;

	SubscriptionFactory(Function<String, SubscriptionDefaults> defaults, StringValueResolver resolver) {
		this.defaults = defaults;
		this.resolver = resolver;
	}

	/**
	 * Return the stream that a declaration subscribes.
	 * @param declaration the declaration
	 * @return key of the stream
	 */
	String stream(Declaration declaration) {
		String stream = attributes(declaration).text("stream", declaration.annotation().stream());
		if (stream == null) {
			throw declaration.invalid("'stream' is blank", "Name the stream: @StreamSubscribe(\"orders\").");
		}
		return stream;
	}

	@Nullable String errorHandlerName(Declaration declaration) {
		return attributes(declaration).text("onError", declaration.annotation().onError());
	}

	/**
	 * Return the subscription that a declaration describes.
	 * @param declaration the declaration
	 * @param handler handles the messages
	 * @param errorHandler told of failures
	 * @return the subscription
	 */
	Subscription create(Declaration declaration, MethodHandler handler, @Nullable StreamErrorHandler errorHandler) {
		StreamSubscribe annotation = declaration.annotation();
		Attributes attributes = attributes(declaration);
		String stream = stream(declaration);
		SubscriptionDefaults defaults = defaults(stream);
		ContainerOptions options = options(annotation, attributes, defaults);
		refuseContradiction(declaration, handler, options);
		Redelivery redelivery = redelivery(declaration, attributes, defaults);
		IdleAttributes.warn(declaration, options.ackMode(), redelivery.retryCount());
		String group = attributes.text("group", annotation.group());
		Subscription subscription = handler.subscription(stream, (group != null) ? group : defaults.group())
			.withOptions(options)
			.withRedelivery(redelivery)
			.withDeadLetters(deadLetters(annotation, attributes, defaults));
		String id = attributes.text("id", annotation.id());
		if (id != null) {
			subscription = subscription.withId(id);
		}
		return (errorHandler != null) ? subscription.withErrorHandler(errorHandler) : subscription;
	}

	SubscriptionDefaults defaults(String stream) {
		return this.defaults.apply(stream);
	}

	Attributes attributes(Declaration declaration) {
		return new Attributes(declaration, this.resolver);
	}

	private static ContainerOptions options(StreamSubscribe annotation, Attributes attributes,
			SubscriptionDefaults defaults) {
		ContainerOptions options = defaults.options().withStartFrom(annotation.startFrom());
		Integer threads = attributes.number("threads", annotation.threads(), annotation.threadsString(), 1);
		if (threads != null) {
			ContainerOptions before = options;
			options = attributes.accepted("threads", annotation.threadsString(), () -> before.withThreads(threads));
		}
		if (annotation.ackMode() != AckMode.DEFAULT) {
			options = options.withAckMode(annotation.ackMode());
		}
		if (annotation.ordered()) {
			options = options.withOrdered(true);
		}
		Boolean autoStartup = attributes.bool("autoStartup", annotation.autoStartup());
		return (autoStartup != null) ? options.withAutoStartup(autoStartup) : options;
	}

	private static Redelivery redelivery(Declaration declaration, Attributes attributes,
			SubscriptionDefaults defaults) {
		StreamSubscribe annotation = declaration.annotation();
		Integer retryCount = attributes.number("retryCount", annotation.retryCount(), annotation.retryCountString(), 0);
		Duration timeout = timeout(declaration, attributes, defaults);
		RetryBackoff backoff = BackoffAttribute.read(declaration, attributes, defaults.backoff());
		if (backoff == null && timeout != null) {
			backoff = RetryBackoff.fixed(timeout);
		}
		Redelivery redelivery = Redelivery.defaults()
			.withRetryCount((retryCount != null) ? retryCount : defaults.retryCount())
			.withInclude(Set.of(annotation.include()))
			.withExclude(notRetried(annotation));
		if (timeout != null) {
			redelivery = redelivery.withTimeout(timeout);
		}
		return (backoff != null) ? redelivery.withBackoff(backoff) : redelivery;
	}

	private static @Nullable Duration timeout(Declaration declaration, Attributes attributes,
			SubscriptionDefaults defaults) {
		StreamSubscribe annotation = declaration.annotation();
		Duration timeout = attributes.duration("timeout", annotation.timeout(), annotation.timeoutString(),
				Unit.SECONDS);
		if (timeout == null) {
			return defaults.timeout();
		}
		return attributes
			.accepted("timeout", annotation.timeoutString(), () -> Redelivery.defaults().withTimeout(timeout))
			.timeout();
	}

	/**
	 * What another attempt cannot cure, as with Spring Kafka: an argument that is not
	 * valid stays so.
	 */
	private static Set<Class<? extends Throwable>> notRetried(StreamSubscribe annotation) {
		Set<Class<? extends Throwable>> exclude = new LinkedHashSet<>();
		exclude.add(MethodArgumentNotValidException.class);
		Arrays.asList(annotation.include()).forEach(exclude::remove);
		exclude.addAll(Arrays.asList(annotation.exclude()));
		return exclude;
	}

	private static DeadLetterPolicy deadLetters(StreamSubscribe annotation, Attributes attributes,
			SubscriptionDefaults defaults) {
		String stream = attributes.text("deadLetter", annotation.deadLetter());
		if (stream == null) {
			return defaults.deadLetters();
		}
		if (stream.equalsIgnoreCase(NO_DEAD_LETTERS)) {
			return DeadLetterPolicy.none();
		}
		DeadLetterPolicy policy = defaults.deadLetters();
		return (policy.isEnabled() ? policy : DeadLetterPolicy.defaults()).withStream(stream);
	}

	private static void refuseContradiction(Declaration declaration, MethodHandler handler, ContainerOptions options) {
		AckMode ackMode = options.ackMode();
		boolean atMostOnce = ackMode == AckMode.NONE;
		if (atMostOnce && handler.takesAcknowledgment()) {
			throw declaration.invalid("it takes an Acknowledgment, but 'ackMode' is " + ackMode,
					"Remove the parameter, or choose another 'ackMode' (pubsub.redis.no-ack also sets NONE).");
		}
		if (atMostOnce && options.ordered()) {
			throw declaration.invalid(
					"it is 'ordered', but 'ackMode' is " + ackMode
							+ ": no message waits for one that counts as handled",
					"Choose another 'ackMode' (pubsub.redis.no-ack also sets NONE), or give up 'ordered', which"
							+ " pubsub.redis.streams.<name>.ordered also sets.");
		}
		if (ackMode == AckMode.MANUAL && !handler.takesAcknowledgment()) {
			throw declaration.invalid("'ackMode' is MANUAL, but it takes no Acknowledgment",
					"Add a parameter of type Acknowledgment, or remove 'ackMode'.");
		}
	}

}
