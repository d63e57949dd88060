package dev.pubsub.redis.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/**
 * What a flight recording says about CPU time and allocation. Not thread-safe.
 */
final class Profile {

	private static final String OURS = "dev.pubsub.";

	private static final int TOP = 25;

	private final Map<String, Long> self = new HashMap<>();

	private final Map<String, Long> inclusive = new HashMap<>();

	private final Map<String, Long> threads = new HashMap<>();

	private final Map<String, Long> allocatedClasses = new HashMap<>();

	private final Map<String, Long> allocationSites = new HashMap<>();

	private Profile() {
	}

	static String of(Path recording) throws IOException {
		Profile profile = new Profile();
		try (RecordingFile file = new RecordingFile(recording)) {
			while (file.hasMoreEvents()) {
				profile.add(file.readEvent());
			}
		}
		return table("CPU: samples on top of the stack", profile.self)
				+ table("CPU: samples below one of our methods", profile.inclusive)
				+ table("CPU: samples by thread", profile.threads)
				+ table("Allocation: bytes by class", profile.allocatedClasses)
				+ table("Allocation: bytes by site", profile.allocationSites);
	}

	private void add(RecordedEvent event) {
		if (event.getStackTrace() == null || event.getStackTrace().getFrames().isEmpty()) {
			return;
		}
		List<RecordedFrame> frames = event.getStackTrace().getFrames();
		switch (event.getEventType().getName()) {
			case "jdk.ExecutionSample" -> addSample(event, frames);
			case "jdk.ObjectAllocationSample" -> addAllocation(event, frames);
			default -> {
				// Of no interest here.
			}
		}
	}

	private void addSample(RecordedEvent event, List<RecordedFrame> frames) {
		count(this.self, frame(frames.get(0)), 1);
		Set<String> seen = new HashSet<>();
		for (RecordedFrame frame : frames) {
			if (isOurs(frame) && seen.add(frame(frame))) {
				count(this.inclusive, frame(frame), 1);
			}
		}
		if (event.getThread("sampledThread") != null) {
			count(this.threads, String.valueOf(event.getThread("sampledThread").getJavaName()), 1);
		}
	}

	private void addAllocation(RecordedEvent event, List<RecordedFrame> frames) {
		long bytes = event.getLong("weight");
		RecordedClass type = event.getClass("objectClass");
		count(this.allocatedClasses, type.getName(), bytes);
		String ours = frames.stream().filter(Profile::isOurs).findFirst().map(Profile::frame).orElse("-");
		count(this.allocationSites, type.getName() + " in " + frame(frames.get(0)) + " from " + ours, bytes);
	}

	private static boolean isOurs(RecordedFrame frame) {
		return frame.getMethod().getType().getName().startsWith(OURS);
	}

	private static String frame(RecordedFrame frame) {
		String type = frame.getMethod().getType().getName();
		return type.substring(type.lastIndexOf('.') + 1) + "." + frame.getMethod().getName() + ":"
				+ frame.getLineNumber();
	}

	private static void count(Map<String, Long> counts, String key, long amount) {
		counts.merge(key, amount, Long::sum);
	}

	private static String table(String title, Map<String, Long> counts) {
		double total = counts.values().stream().mapToLong(Long::longValue).sum();
		StringBuilder table = new StringBuilder(title).append('\n');
		counts.entrySet()
			.stream()
			.sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
			.limit(TOP)
			.forEach((entry) -> table
				.append(String.format(Locale.ROOT, "%6.1f %%  %s%n", 100 * entry.getValue() / total, entry.getKey())));
		return table.append('\n').toString();
	}

}
