package dev.pubsub.redis.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.pubsub.redis.cron.CronJob;
import dev.pubsub.redis.cron.CronJobStatus;
import dev.pubsub.redis.cron.CronSchedule;
import dev.pubsub.redis.cron.CronScheduler;
import dev.pubsub.redis.listener.ContainerActivity;
import dev.pubsub.redis.listener.ContainerOptions;
import dev.pubsub.redis.listener.StreamListenerContainer;
import dev.pubsub.redis.listener.Subscription;
import io.micrometer.core.instrument.Meter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Documentation, dashboard and alert rules name meters that a Prometheus registry shows,
 * and the documentation names all of them.
 */
class MetersDocumentedTests {

	private static final Path DOCS = Path.of("..", "docs");

	private static final Pattern ROW = Pattern.compile("(?m)^\\| `(pubsub\\.[a-z.]+)` \\|");

	private static final Pattern SERIES = Pattern.compile("\\bpubsub_[a-z_]+");

	private static final Pattern BY = Pattern.compile("\\b(?:by|on) \\(([^)]*)\\)");

	private static final Pattern MATCHER = Pattern.compile("[{,]\\s*([a-z_]+)\\s*(?:=~|!~|!=|=)\\s*\"");

	private static final Pattern LABEL = Pattern.compile("[{,]([a-z_]+)=\"");

	private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

	private final String scrape;

	MetersDocumentedTests() {
		Subscription subscription = Subscription.of("orders", "billing", (message, acknowledgment) -> {
		}).withOptions(ContainerOptions.defaults().withOrdered(true));
		StreamListenerContainer container = mock(StreamListenerContainer.class);
		given(container.getId()).willReturn(subscription.id());
		given(container.getSubscription()).willReturn(subscription);
		given(container.getActivity()).willReturn(ContainerActivity.NONE);
		CronJob job = CronJob.of("reports", CronSchedule.parse("0 0 * * * *", ZoneOffset.UTC));
		CronJobStatus status = new CronJobStatus(job, false, null, null);
		CronScheduler scheduler = mock(CronScheduler.class);
		given(scheduler.getJob("reports", "reports")).willReturn(Optional.of(status));
		new MicrometerStreamObserver(this.registry).show(subscription);
		new BacklogGauges(this.registry, (id) -> Optional.empty(), Clock.systemUTC()).show(subscription);
		new ContainerMeters(this.registry, Clock.systemUTC()).show(List.of(container));
		new CronMeters(this.registry, Clock.systemUTC()).show(List.of(status), scheduler);
		new MicrometerPublishObserver(this.registry).onSend("orders");
		new ConnectionMeters(this.registry, () -> Map.of("reader", 0L)).show();
		this.scrape = this.registry.scrape();
	}

	@Test
	void everyMeterIsDocumentedAndEveryDocumentedMeterExists() throws IOException {
		Set<String> documented = matches(ROW, Files.readString(DOCS.resolve("observability.md")));

		assertThat(documented).isEqualTo(this.registry.getMeters()
			.stream()
			.map((meter) -> meter.getId().getName())
			.collect(Collectors.toCollection(TreeSet::new)));
	}

	@Test
	void everyTagIsDocumented() throws IOException {
		String page = Files.readString(DOCS.resolve("observability.md"));

		assertThat(this.registry.getMeters().stream().map(Meter::getId).flatMap((id) -> id.getTags().stream()))
			.allSatisfy((tag) -> assertThat(page).contains('`' + tag.getKey() + '`'));
	}

	@Test
	void dashboardShowsSeriesThatExist() throws IOException {
		JsonNode dashboard = JsonMapper.shared().readTree(Files.readString(DOCS.resolve("grafana/pubsub.json")));
		List<String> queries = dashboard.findValuesAsString("expr");

		assertThat(queries).hasSizeGreaterThan(20).allSatisfy(this::assertExists);
		assertThat(dashboard.get("templating").toString())
			.contains("label_values(pubsub_container_state, subscription)");
	}

	@Test
	void dashboardShowsEveryMeter() throws IOException {
		Set<String> shown = matches(SERIES, Files.readString(DOCS.resolve("grafana/pubsub.json")));

		assertThat(this.registry.getMeters()).allSatisfy((meter) -> assertThat(shown)
			.anySatisfy((series) -> assertThat(series).startsWith(meter.getId().getName().replace('.', '_'))));
	}

	@Test
	void alertsFireOnSeriesThatExistAndHaveARunbook() throws IOException {
		String operations = Files.readString(DOCS.resolve("operations.md"));
		List<Map<String, Object>> rules = rules();

		assertThat(rules).hasSizeGreaterThan(10).allSatisfy((rule) -> {
			assertExists(String.valueOf(rule.get("expr")));
			assertThat(operations).contains('`' + String.valueOf(rule.get("alert")) + '`');
			String runbook = String.valueOf(((Map<?, ?>) rule.get("annotations")).get("runbook"));
			assertThat(runbook).startsWith("docs/operations.md#");
			assertThat(headings(operations)).contains(runbook.substring(runbook.indexOf('#') + 1));
		});
		assertThat(matches(Pattern.compile("`(PubSub[A-Z]\\w+)`"), operations))
			.isEqualTo(rules.stream().map((rule) -> (String) rule.get("alert")).collect(Collectors.toSet()));
	}

	@SuppressWarnings("unchecked")
	private static List<Map<String, Object>> rules() throws IOException {
		Map<String, List<Map<String, Object>>> file = new Yaml()
			.load(Files.readString(DOCS.resolve("prometheus/pubsub.rules.yml")));
		return (List<Map<String, Object>>) file.get("groups").get(0).get("rules");
	}

	private static Set<String> headings(String page) {
		return page.lines()
			.filter((line) -> line.startsWith("#"))
			.map((line) -> line.replaceFirst("^#+ ", "").toLowerCase().replace(' ', '-'))
			.collect(Collectors.toSet());
	}

	private void assertExists(String query) {
		Set<String> series = this.scrape.lines()
			.filter((line) -> !line.startsWith("#"))
			.map((line) -> line.split("[{ ]", 2)[0])
			.collect(Collectors.toSet());
		assertThat(series).as(query).containsAll(matches(SERIES, query));
		Set<String> labels = matches(LABEL, this.scrape);
		assertThat(labels).as(query).containsAll(matches(MATCHER, query));
		assertThat(labels).as(query)
			.containsAll(matches(BY, query).stream()
				.flatMap((names) -> Stream.of(names.split(",\\s*")))
				.collect(Collectors.toSet()));
	}

	private static Set<String> matches(Pattern pattern, String text) {
		Matcher matcher = pattern.matcher(text);
		return matcher.results()
			.map((result) -> (result.groupCount() > 0) ? result.group(1) : result.group())
			.collect(Collectors.toCollection(TreeSet::new));
	}

}
