package dev.pubsub.redis.benchmarks;

import java.util.List;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.stream.MapRecord;
import org.springframework.data.redis.connection.stream.StreamRecords;
import org.springframework.data.redis.core.ReactiveRedisTemplate;
import org.springframework.data.redis.core.ReactiveStreamOperations;
import org.springframework.data.redis.core.RedisOperations;
import org.springframework.data.redis.core.RedisTemplate;
import org.springframework.data.redis.core.SessionCallback;
import org.springframework.data.redis.serializer.RedisSerializationContext;
import org.springframework.data.redis.serializer.RedisSerializer;

/**
 * Publishes with the templates of Spring Data Redis: pipelined for a session, and the
 * reactive one where nobody waits.
 */
final class SpringDataPublication implements Publication {

	private final LettuceConnectionFactory factory;

	private final RedisTemplate<String, byte[]> template;

	private final ReactiveStreamOperations<String, String, byte[]> reactive;

	private final String stream;

	SpringDataPublication(Settings settings) {
		this.factory = SpringData.factory(settings);
		this.template = SpringData.template(this.factory);
		RedisSerializationContext<String, byte[]> serialization = RedisSerializationContext
			.<String, byte[]>newSerializationContext(RedisSerializer.string())
			.value(RedisSerializer.byteArray())
			.hashKey(RedisSerializer.string())
			.hashValue(RedisSerializer.byteArray())
			.build();
		this.reactive = new ReactiveRedisTemplate<>(this.factory, serialization).opsForStream();
		this.stream = settings.text(Settings.STREAM);
	}

	@Override
	public void sync(Order order) {
		this.template.<String, byte[]>opsForStream().add(entry(order));
	}

	@Override
	public void async(Order order, AsyncWindow window) throws Exception {
		window.published(this.reactive.add(entry(order)).toFuture());
	}

	@Override
	public void session(List<Order> orders) {
		this.template.executePipelined(new SessionCallback<Object>() {

			@Override
			@SuppressWarnings({ "unchecked", "NullAway" })
			public <K, V> Object execute(RedisOperations<K, V> operations) {
				var streams = ((RedisOperations<String, byte[]>) operations).<String, byte[]>opsForStream();
				orders.forEach((order) -> streams.add(entry(order)));
				return null;
			}

		});
	}

	private MapRecord<String, String, byte[]> entry(Order order) {
		return StreamRecords.mapBacked(Streams.entry(order)).withStreamKey(this.stream);
	}

	@Override
	public void close() {
		this.factory.destroy();
	}

}
