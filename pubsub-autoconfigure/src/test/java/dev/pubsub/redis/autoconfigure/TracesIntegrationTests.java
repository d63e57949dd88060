package dev.pubsub.redis.autoconfigure;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import dev.pubsub.redis.StreamMessage;
import dev.pubsub.redis.annotation.Backoff;
import dev.pubsub.redis.annotation.StreamSubscribe;
import dev.pubsub.redis.metrics.DefaultProcessObservationConvention;
import dev.pubsub.redis.metrics.DefaultPublishObservationConvention;
import dev.pubsub.redis.metrics.ProcessObservationContext;
import dev.pubsub.redis.metrics.PublishObservationContext;
import dev.pubsub.redis.producer.RedisStreamProducer;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingSenderTracingObservationHandler;
import io.micrometer.tracing.handler.TracingObservationHandler;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelPropagator;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.micrometer.tracing.propagation.Propagator;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationHandlerGroup;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Traces of whole applications, from the request over streams to the last handler.
 */
@RedisTest
class TracesIntegrationTests {

	private final String orders;

	private final String invoices;

	private final TestRedis redis;

	TracesIntegrationTests(TestRedis redis) {
		this.redis = redis;
		this.orders = redis.key("orders");
		this.invoices = redis.key("invoices");
	}

	private ConfigurableApplicationContext run(Class<?>... configurations) {
		SpringApplication application = new SpringApplication(configurations);
		application.setRegisterShutdownHook(false);
		String[] properties = this.redis.applicationProperties();
		String[] arguments = new String[properties.length];
		for (int i = 0; i < arguments.length; i++) {
			arguments[i] = "--" + properties[i];
		}
		List<String> all = new ArrayList<>(List.of(arguments));
		all.addAll(List.of("--server.port=0", "--spring.application.name=shop", "--orders=" + this.orders,
				"--invoices=" + this.invoices, "--pubsub.redis.block=200ms"));
		return application.run(all.toArray(new String[0]));
	}

	private static void post(ConfigurableApplicationContext context) throws Exception {
		String port = Objects.requireNonNull(context.getEnvironment().getProperty("local.server.port"));
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/orders"))
			.POST(HttpRequest.BodyPublishers.noBody())
			.build();
		assertThat(HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
	}

	private static List<SpanData> spans(ConfigurableApplicationContext context, String name) {
		return context.getBean(InMemorySpanExporter.class)
			.getFinishedSpanItems()
			.stream()
			.filter((span) -> span.getName().equals(name))
			.toList();
	}

	private static SpanData span(ConfigurableApplicationContext context, String name) {
		await(name).until(() -> !spans(context, name).isEmpty());
		return spans(context, name).get(0);
	}

	@Test
	void traceGoesFromTheRequestOverTheStreamAndARetryToTheLastHandler() throws Exception {
		try (ConfigurableApplicationContext context = run(Tracing.class, Shop.class)) {
			post(context);

			SpanData invoiced = span(context, "process " + this.invoices);
			SpanData request = span(context, "http post /orders");
			SpanData published = span(context, "publish " + this.orders);
			SpanData publishedNext = span(context, "publish " + this.invoices);
			List<SpanData> attempts = spans(context, "process " + this.orders);
			assertThat(List.of(published, publishedNext, invoiced)).extracting(SpanData::getTraceId)
				.containsOnly(request.getTraceId());
			assertThat(request.getKind()).isEqualTo(SpanKind.SERVER);
			assertThat(published.getKind()).isEqualTo(SpanKind.PRODUCER);
			assertThat(published.getParentSpanId()).isEqualTo(request.getSpanId());
			assertThat(attempts).hasSize(2).allSatisfy((attempt) -> {
				assertThat(attempt.getTraceId()).isEqualTo(request.getTraceId());
				assertThat(attempt.getKind()).isEqualTo(SpanKind.CONSUMER);
				assertThat(attempt.getParentSpanId()).isEqualTo(published.getSpanId());
			});
			assertThat(attempts.get(0).getLinks()).isEmpty();
			assertThat(attempts.get(0).getEvents()).singleElement()
				.satisfies((event) -> assertThat(event.getName()).isEqualTo("exception"));
			assertThat(attempts.get(1).getLinks()).extracting((link) -> link.getSpanContext().getSpanId())
				.containsExactly(attempts.get(0).getSpanId());
			assertThat(attempts.get(1).getAttributes().asMap().toString()).contains("pubsub.attempt=2",
					"messaging.system=redis", "messaging.operation.type=process");
			assertThat(publishedNext.getParentSpanId()).isEqualTo(attempts.get(1).getSpanId());
			assertThat(invoiced.getParentSpanId()).isEqualTo(publishedNext.getSpanId());
		}
	}

	@Test
	void traceGoesOnInDeadLetters() throws Exception {
		try (ConfigurableApplicationContext context = run(Tracing.class, Hopeless.class)) {
			post(context);

			SpanData mourned = span(context, "process {" + this.orders + "}:dlq");
			SpanData published = span(context, "publish " + this.orders);
			assertThat(mourned.getTraceId()).isEqualTo(published.getTraceId());
			assertThat(mourned.getParentSpanId()).isEqualTo(published.getSpanId());
		}
	}

	@Test
	void batchIsLinkedWithWhatPublishedItsMessages() throws Exception {
		try (ConfigurableApplicationContext context = run(Tracing.class, Batches.class)) {
			post(context);

			SpanData batch = span(context, "process " + this.orders);
			SpanData published = span(context, "publish " + this.orders);
			assertThat(batch.getTraceId()).isNotEqualTo(published.getTraceId());
			assertThat(batch.getLinks()).extracting(LinkData::getSpanContext).singleElement().satisfies((linked) -> {
				assertThat(linked.getTraceId()).isEqualTo(published.getTraceId());
				assertThat(linked.getSpanId()).isEqualTo(published.getSpanId());
			});
			assertThat(batch.getAttributes().asMap().toString()).contains("messaging.batch.message_count=1");
		}
	}

	@Test
	void conventionsAreReplaced() throws Exception {
		try (ConfigurableApplicationContext context = run(Tracing.class, Shop.class, Names.class)) {
			post(context);

			assertThat(span(context, "sending").getKind()).isEqualTo(SpanKind.PRODUCER);
			assertThat(span(context, "handling").getKind()).isEqualTo(SpanKind.CONSUMER);
		}
	}

	@Test
	void linesOfAHandlerTellOfItsMessageUntilItEnds() throws Exception {
		try (ConfigurableApplicationContext context = run(Tracing.class, Shop.class)) {
			post(context);

			Shop shop = context.getBean(Shop.class);
			await().until(() -> shop.keys.size() == 3);
			List<Map<String, String>> keys = List.copyOf(shop.keys);
			assertThat(keys.get(0)).containsEntry("pubsub.stream", this.orders).containsEntry("pubsub.attempt", "1");
			assertThat(keys.get(1)).containsEntry("pubsub.attempt", "2")
				.containsEntry("pubsub.id", keys.get(0).get("pubsub.id"));
			assertThat(keys.get(2)).containsEntry("pubsub.stream", this.invoices)
				.containsEntry("pubsub.attempt", "1")
				.doesNotContainEntry("pubsub.id", keys.get(0).get("pubsub.id"));
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Tracing {

		@Bean
		InMemorySpanExporter exporter() {
			return InMemorySpanExporter.create();
		}

		@Bean
		SdkTracerProvider provider(InMemorySpanExporter exporter) {
			return SdkTracerProvider.builder().addSpanProcessor(SimpleSpanProcessor.create(exporter)).build();
		}

		@Bean
		Tracer tracer(SdkTracerProvider provider) {
			return new OtelTracer(provider.get("test"), new OtelCurrentTraceContext(), (event) -> {
			});
		}

		@Bean
		Propagator propagator(SdkTracerProvider provider) {
			return new OtelPropagator(ContextPropagators.create(W3CTraceContextPropagator.getInstance()),
					provider.get("test"));
		}

		@Bean
		ObservationHandlerGroup tracing() {
			return ObservationHandlerGroup.of(TracingObservationHandler.class);
		}

		@Bean
		@Order(1)
		PropagatingReceiverTracingObservationHandler<?> receivers(Tracer tracer, Propagator propagator) {
			return new PropagatingReceiverTracingObservationHandler<>(tracer, propagator);
		}

		@Bean
		@Order(2)
		PropagatingSenderTracingObservationHandler<?> senders(Tracer tracer, Propagator propagator) {
			return new PropagatingSenderTracingObservationHandler<>(tracer, propagator);
		}

		@Bean
		@Order(3)
		DefaultTracingObservationHandler others(Tracer tracer) {
			return new DefaultTracingObservationHandler(tracer);
		}

		@Bean
		OrderController orderController(RedisStreamProducer producer, Environment environment) {
			return new OrderController(producer, environment.getRequiredProperty("orders"));
		}

	}

	@RestController
	static class OrderController {

		private final RedisStreamProducer producer;

		private final String stream;

		OrderController(RedisStreamProducer producer, String stream) {
			this.producer = producer;
			this.stream = stream;
		}

		@PostMapping("/orders")
		String place() {
			return this.producer.publish(this.stream, Map.of("item", "apple")).getValue();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Shop {

		final Queue<Map<String, String>> keys = new ConcurrentLinkedQueue<>();

		@Bean
		OrderListener orderListener(RedisStreamProducer producer, Environment environment) {
			return new OrderListener(this.keys, producer, environment.getRequiredProperty("invoices"));
		}

	}

	static class OrderListener {

		private final Queue<Map<String, String>> keys;

		private final RedisStreamProducer producer;

		private final String invoices;

		OrderListener(Queue<Map<String, String>> keys, RedisStreamProducer producer, String invoices) {
			this.keys = keys;
			this.producer = producer;
			this.invoices = invoices;
		}

		@StreamSubscribe(value = "${orders}", backoff = @Backoff(delay = 100))
		void placed(StreamMessage<Map<String, String>> order) {
			this.keys.add(MDC.getCopyOfContextMap());
			if (order.attempt() == 1) {
				throw new IllegalStateException("no stock");
			}
			this.producer.publish(this.invoices, order.payload());
		}

		@StreamSubscribe("${invoices}")
		void invoiced(Map<String, String> invoice) {
			this.keys.add(MDC.getCopyOfContextMap());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Hopeless {

		@StreamSubscribe(value = "${orders}", retryCount = 0)
		void placed(Map<String, String> order) {
			throw new IllegalStateException("no stock");
		}

		@StreamSubscribe("{${orders}}:dlq")
		void mourned(Map<String, String> order) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Batches {

		@StreamSubscribe("${orders}")
		void placed(List<Map<String, String>> orders) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Names {

		@Bean
		DefaultPublishObservationConvention publishing() {
			return new DefaultPublishObservationConvention() {

				@Override
				public String getContextualName(PublishObservationContext context) {
					return "sending";
				}

			};
		}

		@Bean
		DefaultProcessObservationConvention processing() {
			return new DefaultProcessObservationConvention() {

				@Override
				public String getContextualName(ProcessObservationContext context) {
					return "handling";
				}

			};
		}

	}

}
