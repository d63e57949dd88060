package dev.pubsub.redis.test.documentation;

import java.net.URI;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import javax.tools.SimpleJavaFileObject;

import org.jspecify.annotations.Nullable;

/**
 * A block of Java as a source file that has the same lines. A block that declares types
 * is compiled with its own imports. Methods and statements are put into a class with the
 * beans and imports that their text takes for granted ({@link Given}).
 */
final class JavaBlock extends SimpleJavaFileObject {

	private static final Pattern TYPE = Pattern
		.compile("(?m)^(?:public |final |abstract |sealed )*(?:class|record|interface|enum|@interface) (\\w+)");

	private static final Pattern PUBLIC_TYPE = Pattern.compile("(?m)^public (?:final )?class (\\w+)");

	private static final Pattern PACKAGE = Pattern.compile("(?m)^package ([\\w.]+);");

	private static final Pattern IMPORT = Pattern.compile("(?m)^import .*;$");

	private static final String DOMAIN = " import " + Given.class.getName() + ".*;";

	private static final String GIVEN = List
		.of("dev.pubsub.redis", "dev.pubsub.redis.admin", "dev.pubsub.redis.annotation", "dev.pubsub.redis.cron",
				"dev.pubsub.redis.listener", "dev.pubsub.redis.producer", "java.time", "java.util",
				"org.springframework.context.annotation", "org.springframework.context.event",
				"org.springframework.data.redis.connection.lettuce", "org.springframework.data.redis.connection.stream",
				"org.springframework.web.bind.annotation", "reactor.core.publisher")
		.stream()
		.map((name) -> " import " + name + ".*;")
		.collect(Collectors.joining());

	private final CodeBlock block;

	private final String source;

	private JavaBlock(CodeBlock block, String type, String source) {
		super(URI.create("string:///" + type + ".java"), Kind.SOURCE);
		this.block = block;
		this.source = source;
	}

	static JavaBlock of(CodeBlock block) {
		String code = block.text().replace("…", "");
		String type = "Block" + block.line();
		if (TYPE.matcher(code).find()) {
			String source = PACKAGE.matcher(code).find() ? PACKAGE.matcher(code).replaceFirst("$0" + DOMAIN)
					: "package " + packageOf(block) + ";" + DOMAIN + code;
			String name = find(PUBLIC_TYPE, code);
			return new JavaBlock(block, (name != null) ? name : type, source);
		}
		String imports = IMPORT.matcher(code)
			.results()
			.map((found) -> " " + found.group())
			.collect(Collectors.joining());
		String body = IMPORT.matcher(code).replaceAll("");
		boolean members = body.strip().startsWith("@");
		String start = "package " + packageOf(block) + ";" + DOMAIN + GIVEN + imports + " class " + type + " extends "
				+ Given.class.getName() + " {" + (members ? "" : " void run() throws Exception {");
		return new JavaBlock(block, type, start + body + (members ? "}" : "}}"));
	}

	/** All blocks of a page are in one package: that of its program, if it has one. */
	private static String packageOf(CodeBlock block) {
		return CodeBlock.of(block.page(), "java")
			.stream()
			.map((other) -> find(PACKAGE, other.text()))
			.filter((name) -> name != null)
			.findFirst()
			.orElseGet(() -> "page." + block.page().getFileName().toString().replaceAll("\\W", "_"));
	}

	private static @Nullable String find(Pattern pattern, String text) {
		Matcher matcher = pattern.matcher(text);
		return matcher.find() ? matcher.group(1) : null;
	}

	String place(long line) {
		return this.block.page().getFileName() + ":" + (this.block.line() + line - 1);
	}

	@Override
	public CharSequence getCharContent(boolean ignoreEncodingErrors) {
		return this.source;
	}

}
