package dev.pubsub.redis;

import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * No {@code toString} prints a password.
 */
class SecretsTests {

	private static final Pattern SECRET = Pattern.compile("(?i).*(url|uri|password|secret|credential).*");

	/**
	 * Types with something of that kind in a field; each is built and printed below.
	 */
	private static final Set<String> HOLDERS = Set.of("dev.pubsub.redis.autoconfigure.PubSubProperties",
			"dev.pubsub.redis.internal.redis.ServerNode");

	@Test
	void everyTypeThatHoldsASecretIsKnown() {
		Set<String> holders = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
			.importPackages("dev.pubsub.redis")
			.stream()
			.filter((type) -> type.getFields()
				.stream()
				.anyMatch((field) -> !Modifier.isStatic(field.reflect().getModifiers())
						&& SECRET.matcher(field.getName()).matches()))
			.map(JavaClass::getName)
			.collect(Collectors.toSet());

		assertThat(holders).isEqualTo(HOLDERS);
	}

	@ParameterizedTest
	@ValueSource(strings = { "redis://user:geheim@host:6379/0", "rediss://:ge@geheim@host", "redis://geheim@host",
			"redis-sentinel://user:geheim@one:26379,two:26379/0#geheim-main", "user:geheim@host",
			"redis://user:geheim" })
	void propertiesPrintTheirAddressWithoutThePassword(String url) throws ClassNotFoundException {
		Binder binder = new Binder(List.of(new MapConfigurationPropertySource(Map.of("pubsub.redis.url", url))));
		Class<?> type = Class.forName("dev.pubsub.redis.autoconfigure.PubSubProperties");

		Object properties = binder.bind("pubsub.redis", type).get();

		assertThat(properties.toString()).contains("url=").doesNotContain("geheim@", ":geheim");
	}

}
