package dev.pubsub.redis.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import dev.pubsub.redis.cron.Misfire;
import dev.pubsub.redis.cron.Overlap;
import dev.pubsub.redis.listener.AckMode;
import dev.pubsub.redis.listener.Acknowledgment;
import dev.pubsub.redis.listener.StartFrom;

import org.springframework.aot.hint.annotation.Reflective;
import org.springframework.core.annotation.AliasFor;

/**
 * Makes a method of a bean handle the messages of a Redis stream, in a consumer group.
 * When it returns normally the message is acknowledged; when it throws the message is
 * delivered again, and in the end moved to the dead-letter stream.
 * <p>
 * The method may take, in any order: the payload as a type of its own choice (a class, a
 * record, a {@code Map}, a {@code String} or {@code byte[]}), a
 * {@link dev.pubsub.redis.StreamMessage StreamMessage} of it, an {@link Acknowledgment},
 * and what {@link org.springframework.messaging.handler.annotation.Header @Header} and
 * {@link org.springframework.messaging.handler.annotation.Headers @Headers} ask for
 * ({@link PubSubHeaders}). With a {@code List} of payloads or of messages it gets as many
 * messages at once as are there. A {@link java.util.concurrent.CompletionStage} that it
 * returns is waited for.
 * <p>
 * What is left out comes from the properties {@code pubsub.redis.streams.<stream>.*}, and
 * then {@code pubsub.redis.*}. Every text accepts placeholders (<code>${…}</code>) and
 * expressions (<code>#{…}</code>). A subscription that cannot work fails the start of the
 * application.
 *
 * @since 0.1.0
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Repeatable(StreamSubscribes.class)
@Reflective(StreamSubscribeReflection.class)
public @interface StreamSubscribe {

	/**
	 * Key of the stream, the same as {@link #stream()}.
	 */
	@AliasFor("stream")
	String value() default "";

	/**
	 * Key of the stream. It is created when it does not exist.
	 */
	@AliasFor("value")
	String stream() default "";

	/**
	 * Turns the subscription into a job: at each fire time one message for the whole
	 * group is added to the stream, and delivered, retried and dead-lettered like any
	 * other. Six fields with the seconds first ({@code "0 30 2 * * *"}), five fields as
	 * Unix knows them ({@code "30 2 * * *"}), or a macro ({@code "@hourly"}). {@code "-"}
	 * for no job, so that a property can turn it off.
	 */
	String cron() default "";

	/**
	 * Time zone of {@link #cron()}, such as {@code Europe/Berlin}; default
	 * {@code pubsub.redis.cron.zone}, else UTC.
	 */
	String zone() default "";

	/**
	 * Name of the job; default the stream. There is one message per fire time and job,
	 * however many groups and applications declare it, so all of them must give the same
	 * {@link #cron()}.
	 */
	String job() default "";

	/**
	 * What happens at a fire time while the previous message of the job is not settled.
	 */
	Overlap overlap() default Overlap.ALLOW;

	/**
	 * What happens to fire times that passed while no application was running.
	 */
	Misfire misfire() default Misfire.FIRE_ONCE;

	/**
	 * Number of redeliveries after the first attempt, 0 for none; default
	 * {@code pubsub.redis.retry-count}. When they are used up the message is copied to
	 * the dead-letter stream and acknowledged. {@link Integer#MIN_VALUE} means that it is
	 * left out; other negative numbers are refused.
	 */
	int retryCount() default Integer.MIN_VALUE;

	/**
	 * {@link #retryCount()} as text.
	 */
	String retryCountString() default "";

	/**
	 * Seconds that one attempt may take; default {@code pubsub.redis.timeout}. A handler
	 * that is still running then is interrupted, and the attempt failed. Without a
	 * {@link #backoff()} it is also the time between two attempts. {@link Long#MIN_VALUE}
	 * means that it is left out; zero, other negative numbers and more than 365 days are
	 * refused.
	 */
	long timeout() default Long.MIN_VALUE;

	/**
	 * {@link #timeout()} as text, such as {@code 500ms}, {@code 30s} or {@code PT1M}; a
	 * bare number is seconds.
	 */
	String timeoutString() default "";

	/**
	 * Time between attempts; default {@code pubsub.redis.backoff.*}, else the timeout if
	 * one is given, else 1 s, doubling, at most 5 min, with 20 % jitter.
	 */
	Backoff backoff() default @Backoff;

	/**
	 * Failures that are retried, with their subclasses; default all. The others go to the
	 * dead-letter stream at once. A failure is matched without the wrappers that proxies,
	 * reflection and futures put around it, such as
	 * {@link java.util.concurrent.ExecutionException}, unless one of these is named here
	 * or in {@link #exclude()}.
	 */
	Class<? extends Throwable>[] include() default {};

	/**
	 * Failures that are not retried, with their subclasses, but go to the dead-letter
	 * stream at once. Wins over {@link #include()}, and looks behind wrappers as that
	 * does.
	 */
	Class<? extends Throwable>[] exclude() default {};

	/**
	 * Consumer group; default {@code pubsub.redis.group}, else the name of the
	 * application. Each message goes to one consumer of each group.
	 */
	String group() default "";

	/**
	 * Number of messages that are handled at the same time; default
	 * {@code pubsub.redis.threads}. For messages in order see {@link #ordered()}.
	 * {@link Integer#MIN_VALUE} means that it is left out; zero, other negative numbers
	 * and more than 10000 are refused.
	 */
	int threads() default Integer.MIN_VALUE;

	/**
	 * {@link #threads()} as text.
	 */
	String threadsString() default "";

	/**
	 * Whether messages with the same key are handled one after the other, in the order of
	 * the stream, while those of different keys run in parallel; default
	 * {@code pubsub.redis.streams.<name>.ordered}, else {@code false}. A message without
	 * a key has no order. A retry holds up the messages behind it with its key. One
	 * instance of the application owns the stream for the group then, with one reader
	 * loop, and the others stand by. Does not go with {@link AckMode#NONE}.
	 */
	boolean ordered() default false;

	/**
	 * When a message is acknowledged; default {@link AckMode#NONE} with
	 * {@code pubsub.redis.no-ack}, else {@link AckMode#ON_SUCCESS}. What is given here
	 * wins over the property.
	 */
	AckMode ackMode() default AckMode.DEFAULT;

	/**
	 * Key of the dead-letter stream; default the key of the stream with
	 * {@code pubsub.redis.dead-letter.suffix}, in the same cluster slot. {@code "none"}
	 * for no dead letters: a message that is given up is acknowledged and reported.
	 */
	String deadLetter() default "";

	/**
	 * Where the group starts to read when it is new.
	 */
	StartFrom startFrom() default StartFrom.EARLIEST;

	/**
	 * Name of a {@link dev.pubsub.redis.listener.StreamErrorHandler StreamErrorHandler}
	 * bean that is told of each failed attempt; default all such beans that no
	 * subscription names.
	 */
	String onError() default "";

	/**
	 * Name of the container in the registry, in logs and metrics; default the group and
	 * the stream, with a dot between them.
	 */
	String id() default "";

	/**
	 * Whether the container starts with the application: {@code true} (the default) or
	 * {@code false}.
	 */
	String autoStartup() default "";

}
