package dev.pubsub.redis.benchmarks;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import dev.pubsub.redis.benchmarks.Meter.Reading;
import dev.pubsub.redis.listener.ContainerState;
import dev.pubsub.redis.listener.StreamListenerContainerRegistry;
import dev.pubsub.redis.listener.Subscription;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.stream.Consumer;
import org.springframework.data.redis.connection.stream.MapRecord;
import org.springframework.data.redis.connection.stream.ReadOffset;
import org.springframework.data.redis.connection.stream.StreamOffset;
import org.springframework.data.redis.core.StreamOperations;
import org.springframework.data.redis.serializer.RedisSerializer;
import org.springframework.data.redis.stream.StreamMessageListenerContainer;
import org.springframework.data.redis.stream.StreamMessageListenerContainer.StreamMessageListenerContainerOptions;

/**
 * Many subscriptions in one application, with few messages or none: what do they cost?
 */
final class SubscriptionsWorkload implements Workload {

	private static final String COMMANDS = "total_commands_processed";

	@Override
	public Map<String, Double> run(Side side, Settings settings) throws Exception {
		Meter meter = new Meter();
		int subscriptions = settings.number(Settings.SUBSCRIPTIONS);
		try (Streams streams = new Streams(settings.text(Settings.URL));
				AutoCloseable application = (side == Side.OURS) ? ours(settings, meter) : peer(settings, meter)) {
			await(settings.millis(Settings.WARM_UP_MILLIS), streams, settings);
			long commandsBefore = streams.info("stats", COMMANDS);
			Reading start = meter.read();
			await(settings.millis(Settings.MEASURE_MILLIS), streams, settings);
			Reading end = meter.read();
			long commands = streams.info("stats", COMMANDS) - commandsBefore - (end.count() - start.count());
			Map<String, Double> figures = new LinkedHashMap<>();
			figures.put("commandsPerSecond", commands / end.secondsSince(start));
			figures.put("commandsPerSubscription", commands / end.secondsSince(start) / subscriptions);
			figures.put("cpuPercent", end.cpuPercentSince(start));
			figures.put("messagesPerSecond", end.perSecondSince(start));
			figures.put("platformThreads", (double) ManagementFactory.getThreadMXBean().getThreadCount());
			figures.put("connections", streams.info("clients", "connected_clients") - 1.0);
			figures.put("heapMegabytes", Meter.heapMegabytes());
			return figures;
		}
	}

	/**
	 * Let time pass, and publish meanwhile if asked for.
	 */
	private static void await(Duration time, Streams streams, Settings settings) {
		int rate = settings.number(Settings.MESSAGES_PER_SECOND, 0);
		if (rate == 0) {
			LockSupport.parkNanos(time.toNanos());
			return;
		}
		long interval = TimeUnit.SECONDS.toNanos(1) / rate;
		long start = System.nanoTime();
		for (int i = 0; i * interval < time.toNanos(); i++) {
			for (long left = 1; left > 0; left = start + i * interval - System.nanoTime()) {
				LockSupport.parkNanos(Math.min(left, interval));
			}
			streams.connection()
				.async()
				.xadd(stream(i % settings.number(Settings.SUBSCRIPTIONS)), Streams.entry(Order.sample(i, 100)));
		}
	}

	private static String stream(int number) {
		return "many:" + number;
	}

	private static AutoCloseable ours(Settings settings, Meter meter) {
		ConfigurableApplicationContext application = ListenerConsumption.application(settings).run();
		StreamListenerContainerRegistry registry = application.getBean(StreamListenerContainerRegistry.class);
		for (int i = 0; i < settings.number(Settings.SUBSCRIPTIONS); i++) {
			registry.register(Subscription.of(stream(i), settings.text(Settings.GROUP),
					(message, acknowledgment) -> meter.handled()), "benchmark " + i);
		}
		while (!registry.getContainers()
			.stream()
			.allMatch((container) -> container.getState() == ContainerState.RUNNING)) {
			LockSupport.parkNanos(1_000_000);
		}
		return application;
	}

	private static AutoCloseable peer(Settings settings, Meter meter) {
		LettuceConnectionFactory factory = SpringData.factory(settings);
		StreamOperations<String, String, byte[]> streams = SpringData.template(factory).opsForStream();
		StreamMessageListenerContainer<String, MapRecord<String, String, byte[]>> container = StreamMessageListenerContainer
			.create(factory,
					StreamMessageListenerContainerOptions.builder()
						.batchSize(128)
						.pollTimeout(Duration.ofSeconds(2))
						.keySerializer(RedisSerializer.string())
						.hashKeySerializer(RedisSerializer.string())
						.<String, byte[]>hashValueSerializer(RedisSerializer.byteArray())
						.build());
		String group = settings.text(Settings.GROUP);
		for (int i = 0; i < settings.number(Settings.SUBSCRIPTIONS); i++) {
			String stream = stream(i);
			streams.createGroup(stream, ReadOffset.from("0"), group);
			container.receive(Consumer.from(group, "peer"), StreamOffset.create(stream, ReadOffset.lastConsumed()),
					(message) -> {
						meter.handled();
						streams.acknowledge(stream, group, message.getId());
					});
		}
		container.start();
		return () -> {
			container.stop();
			factory.destroy();
		};
	}

}
