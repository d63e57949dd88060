package dev.pubsub.redis.annotation;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.pubsub.redis.cron.CronJob;
import dev.pubsub.redis.cron.CronSchedule;
import dev.pubsub.redis.cron.Misfire;
import dev.pubsub.redis.cron.Overlap;
import dev.pubsub.redis.listener.AckMode;
import dev.pubsub.redis.listener.DeadLetterPolicy;
import dev.pubsub.redis.listener.RetryBackoff;
import dev.pubsub.redis.listener.StartFrom;
import dev.pubsub.redis.listener.StreamErrorHandler;
import dev.pubsub.redis.listener.Subscription;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.annotation.AliasFor;

import static org.assertj.core.api.Assertions.assertThat;

class StreamSubscribeProcessorTests {

	@Test
	void takesDefaultsForWhatIsLeftOut() {
		Subscription subscription = Scan.of(Plain.class).only();

		assertThat(subscription.id()).isEqualTo("billing.orders");
		assertThat(subscription.stream()).isEqualTo("orders");
		assertThat(subscription.group()).isEqualTo("billing");
		assertThat(subscription.isBatch()).isFalse();
		assertThat(subscription.options().threads()).isEqualTo(10);
		assertThat(subscription.options().ackMode()).isEqualTo(AckMode.ON_SUCCESS);
		assertThat(subscription.options().startFrom()).isEqualTo(StartFrom.EARLIEST);
		assertThat(subscription.options().autoStartup()).isTrue();
		assertThat(subscription.redelivery().retryCount()).isEqualTo(10);
		assertThat(subscription.redelivery().timeout()).hasSeconds(300);
		assertThat(subscription.redelivery().backoff()).isSameAs(RetryBackoff.defaults());
		assertThat(subscription.deadLetters()).isSameAs(DeadLetterPolicy.defaults());
		assertThat(subscription.errorHandler()).isNull();
	}

	@Test
	void takesEveryAttribute() {
		Scan scan = Scan.of(Full.class);
		Subscription subscription = scan.only();

		assertThat(scan.locations())
			.containsExactly("StreamSubscribeProcessorTests.Full.handle (bean \"streamSubscribeProcessorTests.Full\")");
		assertThat(subscription.id()).isEqualTo("mine");
		assertThat(subscription.group()).isEqualTo("audit");
		assertThat(subscription.options().threads()).isEqualTo(3);
		assertThat(subscription.options().ackMode()).isEqualTo(AckMode.ALWAYS);
		assertThat(subscription.options().startFrom()).isEqualTo(StartFrom.LATEST);
		assertThat(subscription.options().autoStartup()).isFalse();
		assertThat(subscription.redelivery().retryCount()).isZero();
		assertThat(subscription.redelivery().timeout()).hasSeconds(30);
		assertThat(subscription.redelivery().backoff()).hasToString(RetryBackoff.defaults()
			.withDelay(Duration.ofMillis(500))
			.withMultiplier(3)
			.withMaxDelay(Duration.ofSeconds(10))
			.withJitter(0)
			.toString());
		assertThat(subscription.deadLetters().stream()).isEqualTo("graveyard");
	}

	@Test
	void resolvesPlaceholdersAndExpressions() {
		Map<String, Object> properties = Map.of("app.stream", "orders", "app.retries", "4", "app.timeout", "PT1M");
		Subscription subscription = Scan.with(Scan.DEFAULTS, properties, Resolved.class).only();

		assertThat(subscription.stream()).isEqualTo("orders");
		assertThat(subscription.group()).isEqualTo("group-2");
		assertThat(subscription.redelivery().retryCount()).isEqualTo(4);
		assertThat(subscription.redelivery().timeout()).hasMinutes(1);
		assertThat(subscription.options().threads()).isEqualTo(7);
		assertThat(subscription.options().autoStartup()).isFalse();
	}

	@Test
	void timeoutIsTheTimeBetweenAttemptsUnlessBackoffIsGiven() {
		assertThat(backoff(Timeout.class, null, null))
			.hasToString(RetryBackoff.fixed(Duration.ofSeconds(30)).toString());
		assertThat(backoff(Plain.class, Duration.ofSeconds(9), null))
			.hasToString(RetryBackoff.fixed(Duration.ofSeconds(9)).toString());
		RetryBackoff configured = RetryBackoff.defaults().withDelay(Duration.ofSeconds(5));
		assertThat(backoff(Timeout.class, Duration.ofSeconds(9), configured)).isSameAs(configured);
		assertThat(backoff(PartialBackoff.class, Duration.ofSeconds(9), configured))
			.hasToString(configured.withMultiplier(4).toString());
	}

	private static RetryBackoff backoff(Class<?> bean, @Nullable Duration timeout, @Nullable RetryBackoff backoff) {
		SubscriptionDefaults defaults = Scan.DEFAULTS.withTimeout(timeout).withBackoff(backoff);
		return Scan.with(defaults, Map.of(), bean).only().redelivery().backoff();
	}

	@Test
	void givenAckModeWinsOverNoAck() {
		SubscriptionDefaults noAck = Scan.DEFAULTS.withOptions(Scan.DEFAULTS.options().withAckMode(AckMode.NONE));

		assertThat(Scan.with(noAck, Map.of(), OnSuccess.class).only().options().ackMode())
			.isEqualTo(AckMode.ON_SUCCESS);
		assertThat(Scan.with(noAck, Map.of(), Plain.class).only().options().ackMode()).isEqualTo(AckMode.NONE);
	}

	@Test
	void noneMeansNoDeadLetters() {
		assertThat(Scan.of(WithoutDeadLetters.class).only().deadLetters().isEnabled()).isFalse();
	}

	@Test
	void findsRepeatedAndComposedAnnotations() {
		assertThat(Scan.of(Repeated.class).subscriptions()).extracting(Subscription::id)
			.containsExactlyInAnyOrder("billing.one", "audit.one", "billing.two");
		Subscription composed = Scan.of(Composed.class).only();
		assertThat(composed.stream()).isEqualTo("alerts");
		assertThat(composed.redelivery().retryCount()).isEqualTo(1);
	}

	@Test
	void findsMethodsOfProxiesLazyBeansAndSuperclasses() {
		assertThat(Scan.of(ProxiedConfiguration.class).subscriptions()).extracting(Subscription::stream)
			.containsExactlyInAnyOrder("class-proxy", "interface-proxy");
		assertThat(Scan.of(LazyListener.class).only().stream()).isEqualTo("lazy");
		assertThat(Scan.of(Inheriting.class).only().stream()).isEqualTo("generic");
	}

	@Test
	void doesNotCreateLazyBeansWithoutListeners() {
		LazyStranger.created.set(false);

		Scan.of(LazyStranger.class, Plain.class);

		assertThat(LazyStranger.created).isFalse();
	}

	@Test
	void namedErrorHandlerIsForThoseThatNameIt() {
		Scan scan = Scan.of(ErrorHandling.class);

		assertThat(scan.subscriptions()).filteredOn((subscription) -> subscription.stream().equals("named"))
			.extracting(Subscription::errorHandler)
			.containsExactly(ErrorHandling.NAMED);
		assertThat(scan.subscriptions()).filteredOn((subscription) -> subscription.stream().equals("unnamed"))
			.extracting(Subscription::errorHandler)
			.containsExactly(ErrorHandling.COMMON);
	}

	@Test
	void propertyTurnsAJobOffButNotItsSubscription() {
		Scan scan = Scan.with(Scan.DEFAULTS, Map.of("reports.cron", "-"), DisabledJob.class);

		assertThat(scan.jobs()).isEmpty();
		assertThat(scan.subscriptions()).hasSize(1);
	}

	@Test
	void declaresEachCronJobOnce() {
		Scan scan = Scan.of(CronListener.class);

		CronJob everyMinute = CronJob.of("reports", CronSchedule.parse("*/1 * * * *", ZoneId.of("UTC")));
		CronJob nightly = CronJob.of("reports", CronSchedule.parse("0 30 2 * * *", ZoneId.of("Europe/Berlin")))
			.withName("nightly")
			.withOverlap(Overlap.SKIP)
			.withMisfire(Misfire.SKIP);
		assertThat(scan.subscriptions()).hasSize(3);
		assertThat(scan.jobs()).containsExactlyInAnyOrder(everyMinute, nightly);
	}

	static class Plain {

		@StreamSubscribe("orders")
		void handle(String payload) {
		}

	}

	static class Full {

		@StreamSubscribe(stream = "orders", retryCount = 0, timeout = 30,
				backoff = @Backoff(delay = 500, multiplier = 3, maxDelayString = "10s", jitter = 0), group = "audit",
				threads = 3, ackMode = AckMode.ALWAYS, deadLetter = "graveyard", startFrom = StartFrom.LATEST,
				id = "mine", autoStartup = "false")
		void handle(String payload) {
		}

	}

	static class Resolved {

		@StreamSubscribe(stream = "${app.stream}", group = "#{'group-' + (1 + 1)}", retryCountString = "${app.retries}",
				timeoutString = "${app.timeout}", threadsString = "${app.threads:7}", autoStartup = "#{false}")
		void handle(String payload) {
		}

	}

	static class Timeout {

		@StreamSubscribe(stream = "orders", timeout = 30)
		void handle(String payload) {
		}

	}

	static class PartialBackoff {

		@StreamSubscribe(stream = "orders", backoff = @Backoff(multiplier = 4))
		void handle(String payload) {
		}

	}

	static class OnSuccess {

		@StreamSubscribe(stream = "orders", ackMode = AckMode.ON_SUCCESS)
		void handle(String payload) {
		}

	}

	static class WithoutDeadLetters {

		@StreamSubscribe(stream = "orders", deadLetter = "none")
		void handle(String payload) {
		}

	}

	static class Repeated {

		@StreamSubscribe("one")
		@StreamSubscribe(stream = "one", group = "audit")
		@StreamSubscribe("two")
		void handle(String payload) {
		}

	}

	@Target(ElementType.METHOD)
	@Retention(RetentionPolicy.RUNTIME)
	@StreamSubscribe(stream = "alerts")
	@interface AlertListener {

		@AliasFor(annotation = StreamSubscribe.class)
		int retryCount() default 1;

	}

	static class Composed {

		@AlertListener
		void handle(String payload) {
		}

	}

	static class ClassProxied {

		@StreamSubscribe("class-proxy")
		void handle(String payload) {
		}

	}

	interface Handler {

		void handle(String payload);

	}

	static class InterfaceProxied implements Handler {

		@Override
		@StreamSubscribe("interface-proxy")
		public void handle(String payload) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ProxiedConfiguration {

		@Bean
		ClassProxied classProxied() {
			ProxyFactory factory = new ProxyFactory(new ClassProxied());
			factory.setProxyTargetClass(true);
			return (ClassProxied) factory.getProxy();
		}

		@Bean
		Handler interfaceProxied() {
			return (Handler) new ProxyFactory(new InterfaceProxied()).getProxy();
		}

	}

	@Lazy
	static class LazyListener {

		@StreamSubscribe("lazy")
		void handle(String payload) {
		}

	}

	@Lazy
	static class LazyStranger {

		private static final AtomicBoolean created = new AtomicBoolean();

		LazyStranger() {
			created.set(true);
		}

	}

	abstract static class Generic<T> {

		@StreamSubscribe("generic")
		void handle(T payload) {
		}

	}

	static class Inheriting extends Generic<String> {

	}

	@Configuration(proxyBeanMethods = false)
	static class ErrorHandling {

		static final StreamErrorHandler NAMED = (failure) -> {
		};

		static final StreamErrorHandler COMMON = (failure) -> {
		};

		@Bean
		StreamErrorHandler special() {
			return NAMED;
		}

		@Bean
		StreamErrorHandler common() {
			return COMMON;
		}

		@StreamSubscribe(stream = "named", onError = "special")
		void named(String payload) {
		}

		@StreamSubscribe("unnamed")
		void unnamed(String payload) {
		}

	}

	static class CronListener {

		@StreamSubscribe(stream = "reports", cron = "*/1 * * * *")
		void everyMinute() {
		}

		@StreamSubscribe(stream = "reports", group = "audit", cron = "0 */1 * * * *")
		void sameJobInAnotherGroup() {
		}

		@StreamSubscribe(stream = "reports", group = "night", cron = "30 2 * * *", zone = "Europe/Berlin",
				job = "nightly", overlap = Overlap.SKIP, misfire = Misfire.SKIP)
		void nightly() {
		}

	}

	static class DisabledJob {

		@StreamSubscribe(stream = "reports", cron = "${reports.cron}", zone = "Europe/Berlin")
		void handle(String payload) {
		}

	}

}
