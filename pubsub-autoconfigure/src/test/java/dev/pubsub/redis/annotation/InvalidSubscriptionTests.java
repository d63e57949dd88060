package dev.pubsub.redis.annotation;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import dev.pubsub.redis.InvalidSubscriptionException;
import dev.pubsub.redis.StreamMessage;
import dev.pubsub.redis.listener.AckMode;
import dev.pubsub.redis.listener.Acknowledgment;
import jakarta.validation.Valid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * What a developer can get wrong, and what the start of the application then says.
 */
class InvalidSubscriptionTests {

	@ParameterizedTest
	@MethodSource
	void startFailsAndNamesMethodAttributeAndFinding(Class<?> bean, String... parts) {
		assertThatExceptionOfType(InvalidSubscriptionException.class).isThrownBy(() -> Scan.of(bean))
			.satisfies((ex) -> {
				assertThat(ex.getLocation()).startsWith("InvalidSubscriptionTests." + bean.getSimpleName() + ".handle");
				assertThat(ex.getReason()).contains(parts);
				assertThat(ex.getAction()).isNotBlank();
			});
	}

	static Stream<Arguments> startFailsAndNamesMethodAttributeAndFinding() {
		return Stream.of(arguments(NegativeRetryCount.class, new String[] { "'retryCount'", "-2" }),
				arguments(MinusOneRetryCount.class, new String[] { "'retryCount'", "-1" }),
				arguments(MinusOneTimeout.class, new String[] { "'timeout'", "PT-1S" }),
				arguments(MinusOneThreads.class, new String[] { "'threads'", "-1" }),
				arguments(MinusOneDelay.class, new String[] { "'backoff'", "'delay'" }),
				arguments(MinusOneMaxDelay.class, new String[] { "'backoff'", "'maxDelay'" }),
				arguments(MinusOneJitter.class, new String[] { "'backoff'", "'jitter'", "-1" }),
				arguments(ZeroMultiplier.class, new String[] { "'backoff'", "'multiplier'", "0" }),
				arguments(NegativeRetryCountText.class, new String[] { "'retryCountString'", "-1" }),
				arguments(RetryCountTwice.class, new String[] { "'retryCount'", "'retryCountString'" }),
				arguments(RetryCountNoNumber.class, new String[] { "'retryCountString'", "\"three\"" }),
				arguments(NegativeTimeout.class, new String[] { "'timeout'", "PT-5S" }),
				arguments(ZeroTimeout.class, new String[] { "'timeout'", "PT0S" }),
				arguments(TimeoutNoDuration.class, new String[] { "'timeoutString'", "\"soon\"" }),
				arguments(ZeroThreads.class, new String[] { "'threads'", "was 0" }),
				arguments(LongTimeout.class, new String[] { "'timeout'", "365 days", "PT16666H40M" }),
				arguments(ShortTimeoutText.class,
						new String[] { "'timeoutString'", "\"${x:500us}\", which is \"500us\"", "millisecond" }),
				arguments(ManyThreads.class, new String[] { "'threads'", "10000", "20000" }),
				arguments(ManyThreadsText.class, new String[] { "'threadsString'", "\"20000\"", "10000" }),
				arguments(EndlessDelay.class, new String[] { "'backoff'", "'delay'", "365 days" }),
				arguments(EndlessMaxDelay.class, new String[] { "'backoff'", "'maxDelay'", "365 days" }),
				arguments(ShrinkingBackoff.class, new String[] { "'backoff'", "'multiplier'", "0.5" }),
				arguments(MaxDelayBelowDelay.class, new String[] { "'backoff'", "'maxDelay'", "PT1S", "PT0.01S" }),
				arguments(MaxDelayBelowDefault.class, new String[] { "'backoff'", "'maxDelay'", "PT1S", "PT0.5S" }),
				arguments(NoStream.class, new String[] { "'stream' is blank" }),
				arguments(BlankStream.class, new String[] { "'stream' is blank" }),
				arguments(BlankGroup.class, new String[] { "'group' is blank" }),
				arguments(UnknownPlaceholder.class, new String[] { "'group'", "${nobody.knows}" }),
				arguments(UnknownErrorHandler.class, new String[] { "'onError'", "\"nobody\"" }),
				arguments(NoBoolean.class, new String[] { "'autoStartup'", "\"maybe\"" }),
				arguments(UnreadableCron.class, new String[] { "'cron'", "\"0 2 * *\"", "6 fields, 5 without" }),
				arguments(NeverFiringCron.class, new String[] { "'cron' never fires", "30 2" }),
				arguments(UnknownZone.class, new String[] { "'zone'", "Mars/Olympus" }),
				arguments(ZoneWithoutCron.class, new String[] { "without 'cron'" }),
				arguments(TwoPayloads.class, new String[] { "signature", "String", "Map" }),
				arguments(HeaderInBatch.class, new String[] { "signature", "belongs to one message" }),
				arguments(HeadersAsText.class, new String[] { "signature", "@Headers are no String" }),
				arguments(LoneAcknowledgments.class, new String[] { "signature", "List" }),
				arguments(ReturnsMono.class, new String[] { "returns Mono" }),
				arguments(ReturnsFuture.class, new String[] { "returns Future" }),
				arguments(ManualWithoutAcknowledgment.class, new String[] { "MANUAL", "Acknowledgment" }),
				arguments(AtMostOnceWithAcknowledgment.class, new String[] { "NONE", "Acknowledgment" }),
				arguments(OrderedAtMostOnce.class, new String[] { "NONE", "'ordered'" }),
				arguments(Prototype.class, new String[] { "not a singleton" }),
				arguments(ValidatedWithoutValidator.class, new String[] { "no Validator" }));
	}

	@Test
	void sameJobWithTwoCronsFails() {
		assertThatExceptionOfType(InvalidSubscriptionException.class).isThrownBy(() -> Scan.of(TwoCrons.class))
			.satisfies((ex) -> {
				assertThat(ex.getReason()).contains("job \"reports\"", "0 0 1 * * *", "0 0 2 * * *", "TwoCrons.");
				assertThat(ex.getAction()).contains("'job'");
			});
	}

	@Test
	void privateMethodOfProxiedBeanFails() {
		assertThatExceptionOfType(InvalidSubscriptionException.class).isThrownBy(() -> Scan.of(PrivateProxied.class))
			.satisfies((ex) -> assertThat(ex.getReason()).contains("proxy"));
	}

	static class NegativeRetryCount {

		@StreamSubscribe(stream = "s", retryCount = -2)
		void handle(String payload) {
		}

	}

	static class MinusOneRetryCount {

		@StreamSubscribe(stream = "s", retryCount = -1)
		void handle(String payload) {
		}

	}

	static class MinusOneTimeout {

		@StreamSubscribe(stream = "s", timeout = -1)
		void handle(String payload) {
		}

	}

	static class MinusOneThreads {

		@StreamSubscribe(stream = "s", threads = -1)
		void handle(String payload) {
		}

	}

	static class MinusOneDelay {

		@StreamSubscribe(stream = "s", backoff = @Backoff(delay = -1))
		void handle(String payload) {
		}

	}

	static class MinusOneMaxDelay {

		@StreamSubscribe(stream = "s", backoff = @Backoff(maxDelay = -1))
		void handle(String payload) {
		}

	}

	static class MinusOneJitter {

		@StreamSubscribe(stream = "s", backoff = @Backoff(jitter = -1))
		void handle(String payload) {
		}

	}

	static class ZeroMultiplier {

		@StreamSubscribe(stream = "s", backoff = @Backoff(multiplier = 0))
		void handle(String payload) {
		}

	}

	static class NegativeRetryCountText {

		@StreamSubscribe(stream = "s", retryCountString = "${x:-1}")
		void handle(String payload) {
		}

	}

	static class RetryCountTwice {

		@StreamSubscribe(stream = "s", retryCount = 1, retryCountString = "1")
		void handle(String payload) {
		}

	}

	static class RetryCountNoNumber {

		@StreamSubscribe(stream = "s", retryCountString = "three")
		void handle(String payload) {
		}

	}

	static class NegativeTimeout {

		@StreamSubscribe(stream = "s", timeout = -5)
		void handle(String payload) {
		}

	}

	static class ZeroTimeout {

		@StreamSubscribe(stream = "s", timeout = 0)
		void handle(String payload) {
		}

	}

	static class TimeoutNoDuration {

		@StreamSubscribe(stream = "s", timeoutString = "soon")
		void handle(String payload) {
		}

	}

	static class ZeroThreads {

		@StreamSubscribe(stream = "s", threads = 0)
		void handle(String payload) {
		}

	}

	static class LongTimeout {

		@StreamSubscribe(stream = "s", timeout = 60_000_000)
		void handle(String payload) {
		}

	}

	static class ShortTimeoutText {

		@StreamSubscribe(stream = "s", timeoutString = "${x:500us}")
		void handle(String payload) {
		}

	}

	static class ManyThreads {

		@StreamSubscribe(stream = "s", threads = 20_000)
		void handle(String payload) {
		}

	}

	static class ManyThreadsText {

		@StreamSubscribe(stream = "s", threadsString = "20000")
		void handle(String payload) {
		}

	}

	static class EndlessDelay {

		@StreamSubscribe(stream = "s", backoff = @Backoff(delay = Long.MAX_VALUE))
		void handle(String payload) {
		}

	}

	static class EndlessMaxDelay {

		@StreamSubscribe(stream = "s", backoff = @Backoff(maxDelay = Long.MAX_VALUE))
		void handle(String payload) {
		}

	}

	static class ShrinkingBackoff {

		@StreamSubscribe(stream = "s", backoff = @Backoff(multiplier = 0.5))
		void handle(String payload) {
		}

	}

	static class MaxDelayBelowDelay {

		@StreamSubscribe(stream = "s", backoff = @Backoff(delay = 1000, maxDelay = 10))
		void handle(String payload) {
		}

	}

	static class MaxDelayBelowDefault {

		@StreamSubscribe(stream = "s", backoff = @Backoff(maxDelay = 500))
		void handle(String payload) {
		}

	}

	static class NoStream {

		@StreamSubscribe
		void handle(String payload) {
		}

	}

	static class BlankStream {

		@StreamSubscribe("${x: }")
		void handle(String payload) {
		}

	}

	static class BlankGroup {

		@StreamSubscribe(stream = "s", group = " ")
		void handle(String payload) {
		}

	}

	static class UnknownPlaceholder {

		@StreamSubscribe(stream = "s", group = "${nobody.knows}")
		void handle(String payload) {
		}

	}

	static class UnknownErrorHandler {

		@StreamSubscribe(stream = "s", onError = "nobody")
		void handle(String payload) {
		}

	}

	static class NoBoolean {

		@StreamSubscribe(stream = "s", autoStartup = "maybe")
		void handle(String payload) {
		}

	}

	static class UnreadableCron {

		@StreamSubscribe(stream = "s", cron = "0 2 * *")
		void handle(String payload) {
		}

	}

	static class NeverFiringCron {

		@StreamSubscribe(stream = "s", cron = "0 0 30 2 *")
		void handle(String payload) {
		}

	}

	static class UnknownZone {

		@StreamSubscribe(stream = "s", cron = "@daily", zone = "Mars/Olympus")
		void handle(String payload) {
		}

	}

	static class ZoneWithoutCron {

		@StreamSubscribe(stream = "s", zone = "UTC")
		void handle(String payload) {
		}

	}

	static class TwoPayloads {

		@StreamSubscribe("s")
		void handle(String payload, Map<String, String> other) {
		}

	}

	static class HeaderInBatch {

		@StreamSubscribe("s")
		void handle(List<String> payloads, @Header("tenant") String tenant) {
		}

	}

	static class LoneAcknowledgments {

		@StreamSubscribe("s")
		void handle(String payload, List<Acknowledgment> acknowledgments) {
		}

	}

	static class ReturnsMono {

		@StreamSubscribe("s")
		Mono<Void> handle(String payload) {
			return Mono.empty();
		}

	}

	static class ReturnsFuture {

		@StreamSubscribe("s")
		Future<Void> handle(String payload) {
			throw new UnsupportedOperationException();
		}

	}

	static class ManualWithoutAcknowledgment {

		@StreamSubscribe(stream = "s", ackMode = AckMode.MANUAL)
		void handle(String payload) {
		}

	}

	static class AtMostOnceWithAcknowledgment {

		@StreamSubscribe(stream = "s", ackMode = AckMode.NONE)
		void handle(StreamMessage<String> message, Acknowledgment acknowledgment) {
		}

	}

	static class OrderedAtMostOnce {

		@StreamSubscribe(stream = "s", ordered = true, ackMode = AckMode.NONE)
		void handle(String payload) {
		}

	}

	@Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
	static class Prototype {

		@StreamSubscribe("s")
		void handle(String payload) {
		}

	}

	static class ValidatedWithoutValidator {

		@StreamSubscribe("s")
		void handle(@Valid String payload) {
		}

	}

	static class TwoCrons {

		@StreamSubscribe(stream = "reports", cron = "0 0 1 * * *")
		void first() {
		}

		@StreamSubscribe(stream = "reports", group = "other", cron = "0 0 2 * * *")
		void second() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class PrivateProxied {

		@Bean
		Private listener() {
			ProxyFactory factory = new ProxyFactory(new Private());
			factory.setProxyTargetClass(true);
			return (Private) factory.getProxy();
		}

	}

	static class Private {

		@StreamSubscribe("s")
		@SuppressWarnings("UnusedMethod")
		private void handle(String payload) {
		}

	}

	static class HeadersAsText {

		@StreamSubscribe("s")
		void handle(String payload, @Headers String headers) {
		}

	}

}
