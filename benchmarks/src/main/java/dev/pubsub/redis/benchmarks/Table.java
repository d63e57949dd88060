package dev.pubsub.redis.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Results for people, as a Markdown table.
 */
final class Table {

	private static final List<String> HEADER = List.of("name", "unit", "ours", "limit", "peer", "ours / limit",
			"ours / peer", "rounds");

	private static final List<String> COSTS = List.of("name", "side", "commands/s each", "% of a core",
			"platform threads", "connections", "heap in MB", "messages/s");

	private Table() {
	}

	/**
	 * Return what was measured.
	 */
	static String of(List<Result> results) {
		List<List<String>> rows = new ArrayList<>();
		rows.add(HEADER);
		for (Result result : results) {
			if (result.rounds() == 0) {
				continue;
			}
			rows.add(List.of(result.name(), result.unit(), cell(result, Side.OURS, result.ours()),
					cell(result, Side.LIMIT, result.limit()), cell(result, Side.PEER, result.peer()),
					ratio(result.ratioToLimit()), ratio(result.ratioToPeer()), Integer.toString(result.rounds())));
		}
		return table(rows);
	}

	/**
	 * Return what subscriptions cost.
	 */
	static String ofSubscriptions(List<Result> results) {
		List<List<String>> rows = new ArrayList<>();
		rows.add(COSTS);
		for (Result result : results) {
			result.details().forEach((side, figures) -> {
				Double threads = figures.get("platformThreads");
				if (threads != null) {
					rows.add(List.of(result.name(), side, cost(figures, "commandsPerSubscription"),
							cost(figures, "cpuPercent"), number(threads), cost(figures, "connections"),
							cost(figures, "heapMegabytes"), cost(figures, "messagesPerSecond")));
				}
			});
		}
		return (rows.size() > 1) ? table(rows) : "";
	}

	private static String cost(Map<String, Double> figures, String metric) {
		Double value = figures.get(metric);
		return (value != null) ? number(value) : "-";
	}

	private static String table(List<List<String>> rows) {
		int[] widths = new int[rows.get(0).size()];
		for (List<String> row : rows) {
			for (int i = 0; i < widths.length; i++) {
				widths[i] = Math.max(widths[i], row.get(i).length());
			}
		}
		StringBuilder table = new StringBuilder();
		for (int i = 0; i < rows.size(); i++) {
			append(table, rows.get(i), widths);
			if (i == 0) {
				for (int width : widths) {
					table.append("|").append("-".repeat(width + 2));
				}
				table.append("|\n");
			}
		}
		return table.toString();
	}

	private static void append(StringBuilder table, List<String> row, int[] widths) {
		for (int i = 0; i < widths.length; i++) {
			table.append("| ").append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 1));
		}
		table.append("|\n");
	}

	private static String cell(Result result, Side side, @Nullable Double median) {
		if (median == null) {
			return "-";
		}
		double[] ends = result.spread().get(side.text());
		if (ends == null || result.rounds() < 2) {
			return number(median);
		}
		return number(median) + " (" + number(ends[0]) + "–" + number(ends[1]) + ")";
	}

	private static String ratio(@Nullable Double ratio) {
		return (ratio != null) ? String.format(Locale.ROOT, "%.2f", ratio) : "-";
	}

	private static String number(double value) {
		return String.format(Locale.ROOT, (Math.abs(value) >= 100) ? "%,.0f" : "%.2f", value);
	}

}
