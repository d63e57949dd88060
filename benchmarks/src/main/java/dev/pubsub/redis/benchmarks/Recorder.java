package dev.pubsub.redis.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

import jdk.jfr.Recording;
import org.jspecify.annotations.Nullable;

/**
 * Records what the JVM does while a trial is measured, if that is wanted: samples of
 * stacks, and of allocations.
 */
final class Recorder implements AutoCloseable {

	private static final Duration PERIOD = Duration.ofMillis(5);

	private static final int ALLOCATIONS_PER_SECOND = 300;

	private final @Nullable Recording recording;

	private Recorder(@Nullable Recording recording) {
		this.recording = recording;
	}

	static Recorder start(Settings settings) throws IOException {
		if (!settings.has(Settings.RECORDING)) {
			return new Recorder(null);
		}
		Recording recording = new Recording();
		recording.enable("jdk.ExecutionSample").withPeriod(PERIOD);
		recording.enable("jdk.ObjectAllocationSample").with("throttle", ALLOCATIONS_PER_SECOND + "/s").withStackTrace();
		recording.setDestination(Path.of(settings.text(Settings.RECORDING)));
		recording.start();
		return new Recorder(recording);
	}

	@Override
	public void close() {
		if (this.recording != null) {
			this.recording.stop();
			this.recording.close();
		}
	}

}
