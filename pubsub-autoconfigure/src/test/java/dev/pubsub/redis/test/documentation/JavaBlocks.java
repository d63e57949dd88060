package dev.pubsub.redis.test.documentation;

import java.nio.file.Path;
import java.util.List;

import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;

/**
 * Compiles blocks of Java against the class path of the test.
 */
public final class JavaBlocks {

	private JavaBlocks() {
	}

	/**
	 * Compile blocks, each as it stands on its page.
	 * @param blocks the blocks; those of one page see each other
	 * @param output folder for the classes
	 * @return the errors, each with page, line and message
	 */
	public static List<String> errors(List<CodeBlock> blocks, Path output) {
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
		List<String> options = List.of("-d", output.toString(), "-classpath", System.getProperty("java.class.path"),
				"-proc:none", "-implicit:none", "-parameters", "-nowarn");
		compiler.getTask(null, null, diagnostics, options, null, blocks.stream().map(JavaBlock::of).toList()).call();
		return diagnostics.getDiagnostics()
			.stream()
			.filter((diagnostic) -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
			.map(JavaBlocks::text)
			.toList();
	}

	private static String text(Diagnostic<? extends JavaFileObject> diagnostic) {
		String message = diagnostic.getMessage(null).replaceAll("\\s+", " ");
		return (diagnostic.getSource() instanceof JavaBlock block)
				? block.place(diagnostic.getLineNumber()) + " " + message : message;
	}

}
