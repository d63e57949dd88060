package dev.pubsub.redis.annotation;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

import dev.pubsub.redis.InvalidSubscriptionException;
import dev.pubsub.redis.annotation.other.PackagePrivateListener;
import dev.pubsub.redis.listener.Subscription;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Methods that a message must not reach: those that make beans, and those that would run
 * on a proxy instead of the bean behind it.
 */
class UnreachableListenerTests {

	@ParameterizedTest
	@MethodSource
	void methodThatMakesABeanIsRefused(Class<?> configuration) {
		assertThatExceptionOfType(InvalidSubscriptionException.class).isThrownBy(() -> Scan.of(configuration))
			.satisfies((ex) -> {
				assertThat(ex.getLocation())
					.isEqualTo("UnreachableListenerTests." + configuration.getSimpleName() + ".orders");
				assertThat(ex.getReason()).contains("@Bean method");
				assertThat(ex.getAction()).contains("Move @StreamSubscribe to the method that handles the message");
			});
	}

	static Stream<Arguments> methodThatMakesABeanIsRefused() {
		return Stream.of(arguments(OfProxiedConfiguration.class), arguments(OfLiteConfiguration.class),
				arguments(OfStaticMethod.class), arguments(OfComponent.class), arguments(OfBaseClass.class),
				arguments(OfInterface.class), arguments(OfComposedAnnotation.class));
	}

	@ParameterizedTest
	@MethodSource
	void methodThatAClassProxyDoesNotPassOnIsRefused(Object target, String reason) {
		assertThatExceptionOfType(InvalidSubscriptionException.class).isThrownBy(() -> scanProxyOf(target))
			.satisfies((ex) -> {
				assertThat(ex.getLocation()).endsWith(target.getClass().getSimpleName() + ".handle");
				assertThat(ex.getReason()).contains(reason, "class proxy");
				assertThat(ex.getAction()).isNotBlank();
			});
	}

	static Stream<Arguments> methodThatAClassProxyDoesNotPassOnIsRefused() {
		return Stream.of(arguments(new WithFinalMethod(), "final"), arguments(new WithPrivateMethod(), "private"),
				arguments(new WithStaticMethod(), "static"), arguments(new InheritingFinalMethod(), "final"),
				arguments(new InheritingFromOtherPackage(), "package-private in PackagePrivateListener"));
	}

	@Test
	void sameMethodsAreListenersWithoutProxy() {
		for (Class<?> bean : List.of(WithFinalMethod.class, WithPrivateMethod.class, WithStaticMethod.class,
				InheritingFinalMethod.class, InheritingFromOtherPackage.class, FinalInConfiguration.class)) {
			assertThat(Scan.of(bean).subscriptions()).hasSize(1);
		}
	}

	@Test
	void classProxyPassesOnWhatItOverrides() {
		assertThat(scanProxyOf(new Overridable()).subscriptions()).extracting(Subscription::stream)
			.containsExactlyInAnyOrder("package-private", "protected", "public");
	}

	private static <T> Scan scanProxyOf(T target) {
		ProxyFactory factory = new ProxyFactory(target);
		factory.setProxyTargetClass(true);
		@SuppressWarnings("unchecked")
		Class<T> type = (Class<T>) target.getClass();
		return Scan.run(Scan.DEFAULTS, Map.of(), (context) -> {
			context.registerBean(type, () -> type.cast(factory.getProxy()));
			return context;
		});
	}

	@Configuration
	static class OfProxiedConfiguration {

		@Bean
		@StreamSubscribe("s")
		Consumer<String> orders() {
			return (order) -> {
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OfLiteConfiguration {

		@Bean
		@StreamSubscribe("s")
		Consumer<String> orders() {
			return (order) -> {
			};
		}

	}

	@Configuration
	static class OfStaticMethod {

		@Bean
		@StreamSubscribe("s")
		static Consumer<String> orders() {
			return (order) -> {
			};
		}

	}

	static class OfComponent {

		@Bean
		@StreamSubscribe("s")
		Runnable orders() {
			return () -> {
			};
		}

	}

	static class Base {

		@Bean
		@StreamSubscribe("s")
		Consumer<String> orders() {
			return (order) -> {
			};
		}

	}

	@Configuration
	static class OfBaseClass extends Base {

	}

	interface Contract {

		@Bean
		@StreamSubscribe("s")
		default Consumer<String> orders() {
			return (order) -> {
			};
		}

	}

	@Configuration
	static class OfInterface implements Contract {

	}

	@Retention(RetentionPolicy.RUNTIME)
	@Bean
	@StreamSubscribe("s")
	@interface Orders {

	}

	@Configuration
	static class OfComposedAnnotation {

		@Orders
		Runnable orders() {
			return () -> {
			};
		}

	}

	static class WithFinalMethod {

		@StreamSubscribe("s")
		public final void handle(String payload) {
		}

	}

	static class WithPrivateMethod {

		@StreamSubscribe("s")
		private void handle(String payload) {
		}

	}

	static class WithStaticMethod {

		@StreamSubscribe("s")
		static void handle(String payload) {
		}

	}

	static class InheritingFinalMethod extends WithFinalMethod {

	}

	static class InheritingFromOtherPackage extends PackagePrivateListener {

	}

	@Configuration
	static class FinalInConfiguration {

		@StreamSubscribe("s")
		final void handle(String payload) {
		}

	}

	static class Overridable {

		@StreamSubscribe("package-private")
		void packagePrivate(String payload) {
		}

		@StreamSubscribe("protected")
		protected void protectedMethod(String payload) {
		}

		@StreamSubscribe("public")
		public void publicMethod(String payload) {
		}

	}

}
