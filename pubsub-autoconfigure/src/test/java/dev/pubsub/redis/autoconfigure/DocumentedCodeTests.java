package dev.pubsub.redis.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import javax.xml.parsers.DocumentBuilderFactory;

import dev.pubsub.redis.test.documentation.CodeBlock;
import dev.pubsub.redis.test.documentation.JavaBlocks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

/**
 * Code on the pages of the documentation does what a reader expects who copies it: Java
 * compiles, YAML has only settings that exist and values that they take, and dependencies
 * are modules of this project. The page of the console is tested there.
 */
class DocumentedCodeTests {

	private static final String CONSOLE = "console.md";

	@Test
	void javaCompiles(@TempDir Path output) {
		List<CodeBlock> blocks = CodeBlock.ofAllPages("java").stream().filter((block) -> !block.isOn(CONSOLE)).toList();

		assertThat(blocks).hasSizeGreaterThan(25);
		assertThat(JavaBlocks.errors(blocks, output)).isEmpty();
	}

	@Test
	void yamlBindsWithoutUnknownKeys() throws IOException {
		KnownSettings settings = KnownSettings.ofClassPath();
		List<CodeBlock> blocks = CodeBlock.ofAllPages("yaml").stream().filter((block) -> !block.isOn(CONSOLE)).toList();

		assertThat(blocks).hasSizeGreaterThan(5);
		for (CodeBlock block : blocks) {
			StandardEnvironment environment = environment(block);
			for (PropertySource<?> source : environment.getPropertySources()) {
				assertThat(((EnumerablePropertySource<?>) source).getPropertyNames()).as("keys of %s", block)
					.isNotEmpty()
					.allMatch(settings::has);
			}
			assertThatCode(() -> {
				UnknownSettings.check(environment);
				Binder binder = Binder.get(environment);
				binder.bindOrCreate("pubsub.redis", PubSubProperties.class);
				binder.bindOrCreate("management.endpoint.pubsub", PubSubEndpointProperties.class);
			}).as("values of %s", block).doesNotThrowAnyException();
		}
	}

	@Test
	void dependenciesAreModulesOfThisProject() throws Exception {
		String project = Files.readString(Path.of("..", "pom.xml"));

		for (CodeBlock block : CodeBlock.ofAllPages("xml")) {
			Element dependency = DocumentBuilderFactory.newInstance()
				.newDocumentBuilder()
				.parse(new InputSource(new StringReader(block.text())))
				.getDocumentElement();
			String module = text(dependency, "artifactId");
			assertThat(Path.of("..", module, "pom.xml")).as("module of %s", block).exists();
			assertThat(project).as("coordinates of %s", block)
				.contains("<groupId>" + text(dependency, "groupId") + "</groupId>")
				.contains("<version>" + text(dependency, "version") + "</version>");
		}
	}

	private static StandardEnvironment environment(CodeBlock block) throws IOException {
		StandardEnvironment environment = new StandardEnvironment();
		List.copyOf(environment.getPropertySources().stream().toList())
			.forEach((source) -> environment.getPropertySources().remove(source.getName()));
		byte[] file = block.text().getBytes(StandardCharsets.UTF_8);
		new YamlPropertySourceLoader().load(block.toString(), new ByteArrayResource(file))
			.forEach(environment.getPropertySources()::addLast);
		return environment;
	}

	private static String text(Element parent, String name) {
		return parent.getElementsByTagName(name).item(0).getTextContent();
	}

	/**
	 * Settings that the metadata on the class path tells of.
	 */
	private record KnownSettings(Set<String> names, Set<String> maps) {

		static KnownSettings ofClassPath() throws IOException {
			KnownSettings settings = new KnownSettings(new TreeSet<>(), new TreeSet<>());
			for (URL url : Collections.list(
					KnownSettings.class.getClassLoader().getResources("META-INF/spring-configuration-metadata.json"))) {
				try (InputStream file = url.openStream()) {
					for (JsonNode property : JsonMapper.shared().readTree(file).path("properties")) {
						String name = property.path("name").asString();
						settings.names.add(name);
						if (property.path("type").asString("").startsWith("java.util.Map")) {
							settings.maps.add(name);
						}
					}
				}
			}
			return settings;
		}

		boolean has(String key) {
			return this.names.contains(key)
					|| this.maps.stream().anyMatch((map) -> key.startsWith(map + ".") || key.startsWith(map + "["));
		}

	}

}
