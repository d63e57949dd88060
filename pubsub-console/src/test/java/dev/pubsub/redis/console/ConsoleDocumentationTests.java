package dev.pubsub.redis.console;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

import dev.pubsub.redis.test.documentation.CodeBlock;
import dev.pubsub.redis.test.documentation.JavaBlocks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Code on the page of the console compiles and binds.
 */
class ConsoleDocumentationTests {

	private static final Path PAGE = Path.of("..", "docs", "console.md");

	@Test
	void javaCompiles(@TempDir Path output) {
		List<CodeBlock> blocks = CodeBlock.of(PAGE, "java");

		assertThat(blocks).isNotEmpty();
		assertThat(JavaBlocks.errors(blocks, output)).isEmpty();
	}

	@Test
	void yamlBindsWithoutUnknownKeys() throws Exception {
		List<CodeBlock> blocks = CodeBlock.of(PAGE, "yaml");

		assertThat(blocks).isNotEmpty();
		for (CodeBlock block : blocks) {
			List<PropertySource<?>> file = new YamlPropertySourceLoader().load(block.toString(),
					new ByteArrayResource(block.text().getBytes(StandardCharsets.UTF_8)));
			BindHandler strict = new NoUnboundElementsBindHandler(BindHandler.DEFAULT);
			ConsoleProperties properties = new Binder(ConfigurationPropertySources.from(file))
				.bind("pubsub.console", Bindable.of(ConsoleProperties.class), strict)
				.get();
			assertThat(properties.enabled()).isTrue();
		}
	}

}
