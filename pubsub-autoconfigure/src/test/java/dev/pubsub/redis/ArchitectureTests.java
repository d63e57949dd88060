package dev.pubsub.redis;

import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import org.jspecify.annotations.NullMarked;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/**
 * The house rules that a compiler does not know. A new package gets its floor here.
 */
@AnalyzeClasses(packages = ArchitectureTests.BASE, importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

	static final String BASE = "dev.pubsub.redis";

	/** The lowest floor first. */
	private static final List<List<String>> FLOORS = List.of(List.of(""), List.of(".internal"),
			List.of(".internal.concurrent"), List.of(".codec", ".observe", ".internal.redis"),
			List.of(".internal.ownership", ".internal.partition"), List.of(".internal.delivery"),
			List.of(".producer", ".listener", ".cron"), List.of(".monitor"),
			List.of(".producer.web", ".metrics", ".admin", ".annotation"), List.of(".operations"), List.of(".actuate"),
			List.of(".autoconfigure"));

	@ArchTest
	static final ArchRule packagesImportOnlyFromFloorsBelow = classes().should(importOnlyFromFloorsBelow());

	@ArchTest
	static final ArchRule packagesHaveNoCycles = slices().assignedFrom(packages())
		.should()
		.beFreeOfCycles()
		.allowEmptyShould(true);

	@ArchTest
	static final ArchRule springBootStaysInActuateAndAutoconfigure = only(".actuate", ".autoconfigure").should()
		.dependOnClassesThat()
		.resideInAPackage("org.springframework.boot..");

	@ArchTest
	static final ArchRule springWebStaysInProducerWeb = only(".producer.web").should()
		.dependOnClassesThat()
		.resideInAnyPackage("org.springframework.web..", "org.springframework.http..");

	@ArchTest
	static final ArchRule micrometerStaysInMetrics = only(".metrics", ".autoconfigure").should()
		.dependOnClassesThat()
		.resideInAnyPackage("io.micrometer.core..", "io.micrometer.observation..", "io.micrometer.tracing..");

	@ArchTest
	static final ArchRule redisClientStaysInInternalRedis = only(".internal.redis", ".autoconfigure").should()
		.dependOnClassesThat()
		.resideInAPackage("io.lettuce..");

	@ArchTest
	static final ArchRule timeComesFromClock = noClasses().should()
		.accessTargetWhere(target("reads the time without a Clock", ArchitectureTests::readsTimeWithoutClock));

	@ArchTest
	static final ArchRule nothingSleeps = noClasses().should()
		.accessTargetWhere(target("sleeps",
				(target) -> target.getName().equals("sleep") && (target.getOwner().isEquivalentTo(Thread.class)
						|| target.getOwner().isEquivalentTo(TimeUnit.class))));

	@ArchTest
	static final ArchRule constructorsGetEverything = noClasses().should()
		.dependOnClassesThat()
		.belongToAnyOf(Autowired.class, Value.class);

	@ArchTest
	static final ArchRule exceptionsExtendPubSubException = classes().that()
		.areAssignableTo(Throwable.class)
		.should()
		.beAssignableTo(BASE + ".PubSubException")
		.allowEmptyShould(true);

	@ArchTest
	static final ArchRule packagesAreNullMarked = classes().should(resideInNullMarkedPackage());

	@ArchTest
	static final ArchRule signaturesNameNothingInternal = classes()
		.that(DescribedPredicate.describe("are part of the API", ArchitectureTests::isApi))
		.should(nameNothingInternal());

	private static ArchCondition<JavaClass> nameNothingInternal() {
		return new ArchCondition<>("name nothing internal in what others see of them") {

			@Override
			public void check(JavaClass origin, ConditionEvents events) {
				origin.getSuperclass().ifPresent((type) -> check(origin, "superclass", type, events));
				origin.getInterfaces().forEach((type) -> check(origin, "interface", type, events));
				origin.getTypeParameters().forEach((type) -> check(origin, "type parameter", type, events));
				origin.getMembers()
					.stream()
					.filter((member) -> isVisible(member.getModifiers()))
					.forEach((member) -> check(origin, member.getDescription(), member.getAllInvolvedRawTypes(),
							events));
				origin.getCodeUnits()
					.stream()
					.filter((unit) -> isVisible(unit.getModifiers()))
					.forEach((unit) -> check(origin, unit.getDescription(),
							Set.copyOf(unit.getThrowsClause().getTypes()), events));
			}

			private void check(JavaClass origin, String where, JavaType type, ConditionEvents events) {
				check(origin, where, type.getAllInvolvedRawTypes(), events);
			}

			private void check(JavaClass origin, String where, Set<JavaClass> types, ConditionEvents events) {
				types.stream()
					.filter((type) -> isInternal(type.getBaseComponentType()))
					.forEach((type) -> events.add(SimpleConditionEvent.violated(origin,
							origin.getName() + " shows " + type.getName() + ": " + where)));
			}

		};
	}

	private static boolean isApi(JavaClass type) {
		boolean visible = isVisible(type.getModifiers()) && !isInternal(type);
		return visible && type.getEnclosingClass().map(ArchitectureTests::isApi).orElse(true);
	}

	private static boolean isInternal(JavaClass type) {
		return type.getPackageName().startsWith(BASE + ".internal");
	}

	private static boolean isVisible(Set<JavaModifier> modifiers) {
		return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
	}

	private static ArchCondition<JavaClass> importOnlyFromFloorsBelow() {
		return new ArchCondition<>("import only from floors below") {

			@Override
			public void check(JavaClass origin, ConditionEvents events) {
				if (floor(origin) < 0) {
					events.add(SimpleConditionEvent.violated(origin, origin.getName() + " is on no floor"));
				}
				for (Dependency dependency : origin.getDirectDependenciesFromSelf()) {
					JavaClass target = dependency.getTargetClass().getBaseComponentType();
					if (target.getPackageName().startsWith(BASE)
							&& !target.getPackageName().equals(origin.getPackageName())
							&& floor(target) >= floor(origin)) {
						events.add(SimpleConditionEvent.violated(dependency, dependency.getDescription()));
					}
				}
			}

		};
	}

	private static ArchCondition<JavaClass> resideInNullMarkedPackage() {
		return new ArchCondition<>("reside in a package with @NullMarked") {

			@Override
			public void check(JavaClass origin, ConditionEvents events) {
				boolean marked = origin.getPackage()
					.tryGetPackageInfo()
					.filter((info) -> info.isAnnotatedWith(NullMarked.class))
					.isPresent();
				if (!marked) {
					events.add(SimpleConditionEvent.violated(origin,
							"package-info.java of " + origin.getPackageName() + " lacks @NullMarked"));
				}
			}

		};
	}

	private static GivenClassesConjunction only(String... packages) {
		return noClasses().that()
			.resideOutsideOfPackages(Stream.of(packages).map((name) -> BASE + name).toArray(String[]::new));
	}

	private static int floor(JavaClass type) {
		String name = type.getPackageName().substring(BASE.length());
		return IntStream.range(0, FLOORS.size())
			.filter((floor) -> FLOORS.get(floor).contains(name))
			.findFirst()
			.orElse(-1);
	}

	private static SliceAssignment packages() {
		return new SliceAssignment() {

			@Override
			public SliceIdentifier getIdentifierOf(JavaClass type) {
				return SliceIdentifier.of(type.getPackageName());
			}

			@Override
			public String getDescription() {
				return "packages";
			}

		};
	}

	private static DescribedPredicate<JavaAccess<?>> target(String description, Predicate<AccessTarget> predicate) {
		return DescribedPredicate.describe(description, (access) -> predicate.test(access.getTarget()));
	}

	private static boolean readsTimeWithoutClock(AccessTarget target) {
		if (target.getOwner().isEquivalentTo(System.class)) {
			return target.getName().equals("currentTimeMillis");
		}
		return target.getOwner().getPackageName().equals("java.time") && target.getName().equals("now")
				&& target instanceof CodeUnitAccessTarget method
				&& method.getRawParameterTypes().stream().noneMatch((type) -> type.isEquivalentTo(Clock.class));
	}

}
