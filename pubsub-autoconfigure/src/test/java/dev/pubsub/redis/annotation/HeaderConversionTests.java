package dev.pubsub.redis.annotation;

import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import dev.pubsub.redis.InvalidSubscriptionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.config.CustomScopeConfigurer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.core.convert.converter.Converter;
import org.springframework.core.convert.converter.ConverterFactory;
import org.springframework.core.convert.support.GenericConversionService;
import org.springframework.format.Formatter;
import org.springframework.format.support.DefaultFormattingConversionService;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.web.context.request.RequestScope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Headers of types that the application knows how to convert.
 */
class HeaderConversionTests {

	@ParameterizedTest
	@ValueSource(classes = { LambdaConfiguration.class, ClassConfiguration.class, FormatterConfiguration.class,
			FactoryConfiguration.class, ServiceConfiguration.class })
	void convertsAsTheApplicationSays(Class<?> configuration) {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(configuration)) {
			ConversionService conversion = HeaderConversion.of(context.getBeanFactory());

			assertThat(conversion.convert("acme", Tenant.class)).isEqualTo(new Tenant("acme", 4));
			assertThat(conversion.convert("42", Integer.class)).isEqualTo(42);
		}
		assertThat(Scan.of(Listener.class, configuration).subscriptions()).hasSize(1);
	}

	@Test
	void usesConvertersOfTheParentContext() {
		try (AnnotationConfigApplicationContext parent = new AnnotationConfigApplicationContext(
				LambdaConfiguration.class);
				AnnotationConfigApplicationContext child = new AnnotationConfigApplicationContext()) {
			child.setParent(parent);
			child.refresh();

			assertThat(HeaderConversion.of(child.getBeanFactory()).convert("acme", Tenant.class))
				.isEqualTo(new Tenant("acme", 4));
		}
	}

	@Test
	void typeThatNoTextConvertsToFailsTheStart() {
		assertThatExceptionOfType(InvalidSubscriptionException.class).isThrownBy(() -> Scan.of(Listener.class))
			.satisfies((ex) -> {
				assertThat(ex.getLocation()).isEqualTo("HeaderConversionTests.Listener.handle");
				assertThat(ex.getReason()).contains("no header can be converted to Tenant");
				assertThat(ex.getAction()).contains("Converter<String, Tenant>");
			});
		assertThatExceptionOfType(InvalidSubscriptionException.class).isThrownBy(() -> Scan.of(OptionalListener.class));
		assertThatExceptionOfType(InvalidSubscriptionException.class).isThrownBy(() -> Scan.of(ListListener.class));
	}

	@Test
	void converterOfTheApplicationWinsOverThoseOfSpring() {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			context.register(GermanDates.class);
			context.getBeanFactory().setConversionService(new DefaultFormattingConversionService());
			context.refresh();
			ConversionService conversion = HeaderConversion.of(context.getBeanFactory());

			assertThat(conversion.convert("24.12.2026", LocalDate.class)).isEqualTo("2026-12-24");
			assertThat(conversion.convert("24.12.2026", TypeDescriptor.valueOf(String.class),
					TypeDescriptor.collection(List.class, TypeDescriptor.valueOf(LocalDate.class))))
				.isEqualTo(List.of(LocalDate.of(2026, 12, 24)));
			assertThat(conversion.convert("PT1S", Duration.class)).isEqualTo(Duration.ofSeconds(1));
		}
	}

	@ParameterizedTest
	@ValueSource(classes = { GenericFormatters.class, RequestScopes.class, NoConverter.class, Broken.class })
	void beansThatAreForOthersDoNotFailTheStart(Class<?> configuration) {
		assertThat(Scan.of(StandardListener.class, configuration).subscriptions()).hasSize(1);
	}

	@Test
	void typeOfGenericFormatterIsThatOfItsMethod() {
		assertThat(Scan.of(Listener.class, GenericFormatters.class).subscriptions()).hasSize(1);
	}

	@Test
	void typesThatSpringConvertsNeedNothing() throws Exception {
		StandardListener listener = new StandardListener();

		Call.handle(listener, Map.of("__H_number", "7", "__H_locale", "de", "__H_names", "a,b"));

		assertThat(listener.seen).containsExactly(7, Optional.of(Locale.GERMAN), List.of("a", "b"), "7");
	}

	record Tenant(String name, int length) {

		static Tenant called(String name) {
			return new Tenant(name, name.length());
		}

	}

	static class LambdaConfiguration {

		@Bean
		Converter<String, Tenant> tenants() {
			return Tenant::called;
		}

	}

	static class ClassConfiguration {

		@Bean
		TenantConverter tenants() {
			return new TenantConverter();
		}

	}

	static class TenantConverter implements Converter<String, Tenant> {

		@Override
		public Tenant convert(String source) {
			return Tenant.called(source);
		}

	}

	static class FormatterConfiguration {

		@Bean
		TenantFormatter tenants() {
			return new TenantFormatter();
		}

	}

	static class TenantFormatter implements Formatter<Tenant> {

		@Override
		public Tenant parse(String text, Locale locale) {
			return Tenant.called(text);
		}

		@Override
		public String print(Tenant tenant, Locale locale) {
			return tenant.name();
		}

	}

	static class FactoryConfiguration {

		@Bean
		TenantConverterFactory tenants() {
			return new TenantConverterFactory();
		}

	}

	static class TenantConverterFactory implements ConverterFactory<String, Tenant> {

		@Override
		@SuppressWarnings("unchecked")
		public <T extends Tenant> Converter<String, T> getConverter(Class<T> targetType) {
			return (source) -> (T) Tenant.called(source);
		}

	}

	static class GermanDates {

		@Bean
		Converter<String, LocalDate> dates() {
			return (text) -> LocalDate.parse(text, DateTimeFormatter.ofPattern("dd.MM.yyyy"));
		}

	}

	static class GenericFormatters {

		@Bean
		AnyFormatter<Tenant> tenants() {
			return new AnyFormatter<>();
		}

		@Bean
		Formatter<?> unknown() {
			return new AnyFormatter<Tenant>();
		}

		@Bean
		ConverterFactory<?, ?> factory() {
			return new AnyFactory<Tenant>();
		}

	}

	static class RequestScopes {

		@Bean
		static CustomScopeConfigurer scopes() {
			CustomScopeConfigurer scopes = new CustomScopeConfigurer();
			scopes.addScope("request", new RequestScope());
			return scopes;
		}

		@Bean
		@Scope("request")
		TenantFormatter formatter() {
			return new TenantFormatter();
		}

		@Bean
		@Scope(scopeName = "request", proxyMode = ScopedProxyMode.INTERFACES)
		Converter<String, Tenant> converter() {
			return Tenant::called;
		}

	}

	static class NoConverter {

		@Bean
		@Nullable Converter<String, Tenant> none() {
			return null;
		}

	}

	static class Broken {

		@Bean
		@Lazy
		Converter<Tenant, String> ofTenants() {
			throw new IllegalStateException("not needed for headers");
		}

	}

	static class AnyFormatter<T> implements Formatter<T> {

		@Override
		public T parse(String text, Locale locale) {
			throw new UnsupportedOperationException();
		}

		@Override
		public String print(T value, Locale locale) {
			return value.toString();
		}

	}

	static class AnyFactory<R> implements ConverterFactory<String, R> {

		@Override
		public <T extends R> Converter<String, T> getConverter(Class<T> targetType) {
			throw new UnsupportedOperationException();
		}

	}

	static class ServiceConfiguration {

		@Bean
		ConversionService conversionService() {
			GenericConversionService service = new GenericConversionService();
			service.addConverter(new TenantConverter());
			return service;
		}

	}

	static class Listener {

		@StreamSubscribe("s")
		void handle(@Header("tenant") Tenant tenant) {
		}

	}

	static class OptionalListener {

		@StreamSubscribe("s")
		void handle(@Header("tenant") Optional<Tenant> tenant) {
		}

	}

	static class ListListener {

		@StreamSubscribe("s")
		void handle(@Header("tenants") List<Tenant> tenants) {
		}

	}

	static class StandardListener {

		private final List<Object> seen = new ArrayList<>();

		@StreamSubscribe("s")
		void handle(@Header("number") int number, @Header("locale") Optional<Locale> locale,
				@Header("names") List<String> names, @Header("number") Object any) {
			this.seen.addAll(List.of(number, locale, names, any));
		}

	}

}
