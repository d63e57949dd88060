package dev.pubsub.redis.console;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

/**
 * The packages of the console: web stack over views over HTTP without a framework.
 */
@AnalyzeClasses(packages = "dev.pubsub.redis.console", importOptions = ImportOption.DoNotIncludeTests.class)
class ConsoleArchitectureTests {

	@ArchTest
	static final ArchRule packagesImportOnlyFromBelow = layeredArchitecture().consideringOnlyDependenciesInLayers()
		.layer("http")
		.definedBy("..console.http")
		.layer("view")
		.definedBy("..console.view")
		.layer("web")
		.definedBy("..console.web")
		.layer("boot")
		.definedBy("dev.pubsub.redis.console")
		.whereLayer("boot")
		.mayNotBeAccessedByAnyLayer()
		.whereLayer("web")
		.mayOnlyBeAccessedByLayers("boot")
		.whereLayer("view")
		.mayOnlyBeAccessedByLayers("boot");

	@ArchTest
	static final ArchRule webStacksStayInWeb = noClasses().that()
		.resideInAnyPackage("..console.http", "..console.view")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("org.springframework.web..", "jakarta.servlet..", "reactor..", "org.springframework.boot..",
				"org.springframework.security..");

	@ArchTest
	static final ArchRule engineIsLeftAlone = noClasses().should()
		.dependOnClassesThat()
		.resideInAnyPackage("io.lettuce..", "dev.pubsub.redis.internal.redis..",
				"dev.pubsub.redis.internal.concurrent..");

}
