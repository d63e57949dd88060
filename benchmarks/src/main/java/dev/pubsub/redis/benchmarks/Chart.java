package dev.pubsub.redis.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Draws results: a group of bars for each figure, the longest of which fills the width.
 */
final class Chart {

	private static final int NAMES = 130;

	private static final int BARS = 420;

	private static final int WIDTH = NAMES + BARS + 190;

	private static final int BAR = 14;

	private static final int GAP = 12;

	private static final int TOP = 34;

	private Chart() {
	}

	/**
	 * Draw results.
	 * @param results an array of results
	 * @return the picture as SVG
	 */
	static String draw(JsonNode results) {
		StringBuilder bars = new StringBuilder();
		int y = TOP;
		for (JsonNode result : results) {
			List<Bar> group = bars(result);
			if (group.size() < 2) {
				continue;
			}
			double longest = group.stream().mapToDouble(Bar::value).max().orElse(1);
			bars.append(text(NAMES - 8, y + BAR * group.size() / 2.0 + 4, "end", result.get("name").asString()));
			for (Bar bar : group) {
				double width = Math.max(1, BARS * bar.value() / longest);
				bars.append(String.format(Locale.ROOT,
						"<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>%n", NAMES, y, width,
						BAR - 2, bar.colour()));
				bars.append(text(NAMES + width + 6, y + BAR - 4, "start",
						number(bar.value()) + " " + result.get("unit").asString()));
				y += BAR;
			}
			y += GAP;
		}
		return """
				<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="11">
				<rect width="100%%" height="100%%" fill="white"/>
				%s%s</svg>
				""".formatted(WIDTH, y, legend(), bars);
	}

	private static String legend() {
		StringBuilder legend = new StringBuilder();
		int x = NAMES;
		for (Side side : Side.values()) {
			legend.append(String.format(Locale.ROOT,
					"<rect x=\"%d\" y=\"10\" width=\"12\" height=\"12\" fill=\"%s\"/>%n", x, colour(side)));
			legend.append(text(x + 18, 20, "start", title(side)));
			x += 150;
		}
		return legend.toString();
	}

	private static List<Bar> bars(JsonNode result) {
		List<Bar> bars = new ArrayList<>();
		for (Side side : Side.values()) {
			@Nullable JsonNode value = result.get(side.text());
			if (value != null && value.isNumber()) {
				bars.add(new Bar(value.asDouble(), colour(side)));
			}
		}
		return bars;
	}

	private static String title(Side side) {
		return switch (side) {
			case OURS -> "this library";
			case LIMIT -> "bare Lettuce, or the ideal";
			case PEER -> "Spring Data Redis";
		};
	}

	private static String colour(Side side) {
		return switch (side) {
			case OURS -> "#2f6db5";
			case LIMIT -> "#9aa5b1";
			case PEER -> "#d98b3a";
		};
	}

	private static String text(double x, double y, String anchor, String text) {
		return String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n", x, y, anchor,
				text);
	}

	private static String number(double value) {
		return String.format(Locale.ROOT, (value >= 100) ? "%,.0f" : "%.2f", value);
	}

	/**
	 * One bar.
	 *
	 * @param value how long
	 * @param colour whose
	 */
	private record Bar(double value, String colour) {

	}

}
