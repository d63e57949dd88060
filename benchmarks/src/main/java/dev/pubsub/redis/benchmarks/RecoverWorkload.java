package dev.pubsub.redis.benchmarks;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

import dev.pubsub.redis.benchmarks.Meter.Reading;
import io.lettuce.core.Consumer;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XAutoClaimArgs;
import io.lettuce.core.models.stream.ClaimedMessages;
import tools.jackson.databind.ObjectReader;

/**
 * A consumer died with messages in its hands: how fast are they handled once their lease
 * is over? With a warm-up by the first of them, as by a node that has run for a while,
 * else by one that has just started.
 */
final class RecoverWorkload implements Workload {

	@Override
	public Map<String, Double> run(Side side, Settings settings) throws Exception {
		int messages = settings.number(Settings.MESSAGES);
		String group = settings.text(Settings.GROUP);
		String stream = settings.text(Settings.STREAM);
		Meter meter = new Meter();
		try (Streams streams = new Streams(settings.text(Settings.URL))) {
			streams.fill(stream, messages, settings.number(Settings.BYTES));
			streams.createGroup(stream, group);
			streams.deliverToTheDead(stream, group, messages);
			LockSupport.parkNanos(lease(settings).toNanos());
			Reading leaseOver = meter.read();
			try (AutoCloseable recovery = start(side, streams, settings, meter);
					Recorder recorder = Recorder.start(settings)) {
				Reading first = meter.await(settings.number(Settings.WARM_UP, 1), Duration.ofSeconds(20));
				Reading last = meter.await(messages, settings.millis(Settings.MEASURE_MILLIS));
				Map<String, Double> figures = new LinkedHashMap<>();
				figures.put("rate", last.perSecondSince(first));
				figures.put("handled", (double) last.count());
				figures.put("cpuMicros", last.cpuMicrosPerMessageSince(first));
				figures.put("secondsToFirst", first.secondsSince(leaseOver));
				return figures;
			}
			finally {
				streams.commands().del(stream);
			}
		}
	}

	private static Duration lease(Settings settings) {
		return Duration.ofSeconds(settings.number(Settings.LEASE_SECONDS));
	}

	private static AutoCloseable start(Side side, Streams streams, Settings settings, Meter meter) {
		if (side == Side.OURS) {
			return new ListenerConsumption(settings.text(Settings.GROUP), settings.with("lease", lease(settings)),
					(order) -> meter.handled());
		}
		Thread claimer = new Thread(() -> claim(streams, settings, meter), "bare-claimer");
		claimer.start();
		return claimer::join;
	}

	/**
	 * The limit: claims, decodes and acknowledges as fast as one thread can.
	 */
	private static void claim(Streams streams, Settings settings, Meter meter) {
		String group = settings.text(Settings.GROUP);
		String stream = settings.text(Settings.STREAM);
		ObjectReader reader = Streams.JSON.readerFor(Order.class);
		String cursor = "0-0";
		do {
			XAutoClaimArgs<String> arguments = XAutoClaimArgs.Builder
				.<String>xautoclaim(Consumer.from(group, "bare"), lease(settings), cursor)
				.count(128);
			ClaimedMessages<String, byte[]> claimed = streams.commands().xautoclaim(stream, arguments);
			String[] ids = new String[claimed.getMessages().size()];
			for (int i = 0; i < ids.length; i++) {
				StreamMessage<String, byte[]> message = claimed.getMessages().get(i);
				reader.readValue(message.getBody().get("payload"));
				meter.handled();
				ids[i] = message.getId();
			}
			if (ids.length > 0) {
				streams.connection().async().xack(stream, group, ids);
			}
			cursor = claimed.getId();
		}
		while (!cursor.equals("0-0"));
	}

}
