package dev.pubsub.redis.producer;

import java.time.Clock;
import java.util.List;

import dev.pubsub.redis.codec.JacksonPayloadCodec;
import dev.pubsub.redis.codec.PayloadCodec;
import dev.pubsub.redis.internal.redis.ConnectionSource;
import org.jspecify.annotations.Nullable;

/**
 * Puts a {@link RedisStreamProducer} together, see
 * {@link RedisStreamProducer#builder(org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory)}.
 * Not thread-safe.
 *
 * @since 0.1.0
 */
public final class ProducerBuilder {

	private ConnectionSource source;

	private @Nullable PayloadCodec codec;

	private ProducerOptions options = ProducerOptions.defaults();

	private List<PublishInterceptor> interceptors = List.of();

	private PublishObserver observer = PublishObserver.NONE;

	private SessionScope sessionScope = SessionScope.none();

	private Clock clock = Clock.systemUTC();

	ProducerBuilder(ConnectionSource source) {
		this.source = source;
	}

	/**
	 * Set how payloads are written. Default is {@link JacksonPayloadCodec#create()}.
	 * @param codec the codec
	 * @return this builder
	 */
	public ProducerBuilder codec(PayloadCodec codec) {
		this.codec = codec;
		return this;
	}

	/**
	 * Set how the producer works.
	 * @param options the options
	 * @return this builder
	 */
	public ProducerBuilder options(ProducerOptions options) {
		this.options = options;
		return this;
	}

	/**
	 * Set who has a say in each message.
	 * @param interceptors the interceptors, in the order in which they are asked
	 * @return this builder
	 */
	public ProducerBuilder interceptors(List<PublishInterceptor> interceptors) {
		this.interceptors = List.copyOf(interceptors);
		return this;
	}

	/**
	 * Set who is told of each message that is sent. Default is
	 * {@link PublishObserver#NONE}.
	 * @param observer the observer
	 * @return this builder
	 */
	public ProducerBuilder observer(PublishObserver observer) {
		this.observer = observer;
		return this;
	}

	/**
	 * Set what {@link RedisStreamProducer#session()} answers with. Default is a new
	 * session each time.
	 * @param sessionScope the scope
	 * @return this builder
	 */
	public ProducerBuilder sessionScope(SessionScope sessionScope) {
		this.sessionScope = sessionScope;
		return this;
	}

	/**
	 * Set the clock for publish times. Default is the system's.
	 * @param clock the clock
	 * @return this builder
	 */
	public ProducerBuilder clock(Clock clock) {
		this.clock = clock;
		return this;
	}

	/**
	 * Set what all keys in Redis start with, so that several environments can share a
	 * server. Names in messages, events and meters are without it. Default is nothing.
	 * @param keyPrefix the prefix, such as {@code staging:}, at most 128 characters and
	 * no brace, space or control character
	 * @return this builder
	 * @throws IllegalStateException when it is built over shared connections, which have
	 * a prefix of their own
	 */
	public ProducerBuilder keyPrefix(String keyPrefix) {
		this.source = this.source.withKeyPrefix(keyPrefix);
		return this;
	}

	/**
	 * Build the producer.
	 * @return the producer; the caller closes it
	 */
	public RedisStreamProducer build() {
		PayloadCodec used = (this.codec != null) ? this.codec : JacksonPayloadCodec.create();
		ConnectionSource.Lease connections = this.source.open();
		OutgoingEntries entries = new OutgoingEntries(used, this.interceptors, this.options, this.clock,
				connections.connections().names());
		ProducerLinks links = ProducerLinks.open(connections, this.options.timeout());
		return new DefaultRedisStreamProducer(entries, links, this.options, new ObservedSends(this.observer),
				this.sessionScope);
	}

}
