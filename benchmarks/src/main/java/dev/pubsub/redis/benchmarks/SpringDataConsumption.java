package dev.pubsub.redis.benchmarks;

import java.time.Duration;
import java.util.function.Consumer;

import tools.jackson.databind.ObjectReader;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.stream.MapRecord;
import org.springframework.data.redis.connection.stream.ReadOffset;
import org.springframework.data.redis.connection.stream.StreamOffset;
import org.springframework.data.redis.core.RedisTemplate;
import org.springframework.data.redis.core.StreamOperations;
import org.springframework.data.redis.serializer.RedisSerializer;
import org.springframework.data.redis.stream.StreamMessageListenerContainer;
import org.springframework.data.redis.stream.StreamMessageListenerContainer.StreamMessageListenerContainerOptions;

/**
 * What one would write instead: the listener container of Spring Data Redis, whose
 * listener decodes, handles and acknowledges each message.
 */
final class SpringDataConsumption implements Consumption {

	/**
	 * Setting: has Redis acknowledge what it delivers, so that a crash loses messages.
	 */
	static final String AT_MOST_ONCE = "at-most-once";

	private final LettuceConnectionFactory factory;

	private final StreamMessageListenerContainer<String, MapRecord<String, String, byte[]>> container;

	SpringDataConsumption(String group, Settings settings, Consumer<Order> handler) {
		this.factory = SpringData.factory(settings);
		StreamOperations<String, String, byte[]> streams = SpringData.template(this.factory).opsForStream();
		String stream = settings.text(Settings.STREAM);
		streams.createGroup(stream, ReadOffset.from("0"), group);
		this.container = StreamMessageListenerContainer.create(this.factory,
				StreamMessageListenerContainerOptions.builder()
					.batchSize(128)
					.pollTimeout(Duration.ofSeconds(2))
					.keySerializer(RedisSerializer.string())
					.hashKeySerializer(RedisSerializer.string())
					.<String, byte[]>hashValueSerializer(RedisSerializer.byteArray())
					.build());
		ObjectReader reader = Streams.JSON.readerFor(Order.class);
		var consumer = org.springframework.data.redis.connection.stream.Consumer.from(group, "peer");
		StreamOffset<String> offset = StreamOffset.create(stream, ReadOffset.lastConsumed());
		if (settings.is(AT_MOST_ONCE)) {
			this.container.receiveAutoAck(consumer, offset,
					(message) -> handler.accept(reader.readValue(message.getValue().get("payload"))));
		}
		else {
			this.container.receive(consumer, offset, (message) -> {
				handler.accept(reader.readValue(message.getValue().get("payload")));
				streams.acknowledge(stream, group, message.getId());
			});
		}
		this.container.start();
	}

	@Override
	public void close() {
		this.container.stop();
		this.factory.destroy();
	}

}
