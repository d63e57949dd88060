package dev.pubsub.redis.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * One measurement of one side, in a JVM of its own: {@code Trial WORKLOAD SIDE
 * [KEY=VALUE]...} prints what it measured.
 */
public final class Trial {

	/**
	 * What a line of output starts with that tells a figure.
	 */
	static final String FIGURE = "= ";

	private Trial() {
	}

	public static void main(String[] arguments) throws Exception {
		List<String> all = Arrays.asList(arguments);
		Side side = Side.of(all.get(1));
		Settings settings = Settings.parse(all.subList(2, all.size()));
		Map<String, Double> figures = workload(all.get(0)).run(side, settings);
		figures.forEach((name, value) -> System.out.println(FIGURE + name + " " + value));
		System.out.flush();
		System.exit(0);
	}

	private static Workload workload(String name) {
		return switch (name) {
			case "consume" -> new ConsumeWorkload();
			case "publish" -> new PublishWorkload();
			case "latency" -> new LatencyWorkload();
			case "subscriptions" -> new SubscriptionsWorkload();
			case "recover" -> new RecoverWorkload();
			case "cron" -> new CronWorkload();
			default -> throw new IllegalArgumentException("No workload " + name);
		};
	}

}
