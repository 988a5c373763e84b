package io.pgq4j.examples;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The arrows between the modules, and what may cross them. Here, because examples see all. */
@AnalyzeClasses(packages = "io.pgq4j", importOptions = ArchitectureTest.WithoutTests.class)
class ArchitectureTest {

  private static final DescribedPredicate<JavaClass> IS_INTERNAL =
      resideInAPackage("io.pgq4j..internal..");

  private static final Pattern MODULE =
      Pattern.compile("io\\.pgq4j\\.((?:consumers|examples)\\.\\w+|sql|ticker|admin).*");

  @ArchTest
  static final ArchRule arrowsPointFromExamplesToCore =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("queue-core")
          .definedBy("io.pgq4j", "io.pgq4j.daemon..", "io.pgq4j.internal..")
          .layer("queue-sql")
          .definedBy("io.pgq4j.sql..")
          .layer("ticker")
          .definedBy("io.pgq4j.ticker..")
          .layer("test-kit")
          .definedBy("io.pgq4j.test..")
          .layer("consumers")
          .definedBy("io.pgq4j.consumers..")
          .layer("admin-cli")
          .definedBy("io.pgq4j.admin..")
          .layer("examples")
          .definedBy("io.pgq4j.examples..")
          .ensureAllClassesAreContainedInArchitecture()
          .whereLayer("queue-core")
          .mayNotAccessAnyLayer()
          .whereLayer("queue-sql")
          .mayNotAccessAnyLayer()
          .whereLayer("ticker")
          .mayOnlyAccessLayers("queue-core")
          .whereLayer("test-kit")
          .mayOnlyAccessLayers("queue-core")
          .whereLayer("consumers")
          .mayOnlyAccessLayers("queue-core")
          .whereLayer("admin-cli")
          .mayOnlyAccessLayers("queue-core", "queue-sql", "ticker")
          .because(
              "a program takes only the modules it needs. Move what both sides need into queue-core,"
                  + " or hand it in from the outside; a new module gets a line of its own here");

  @ArchTest
  static final ArchRule consumersDoNotKnowEachOther =
      slices()
          .matching("io.pgq4j.consumers.(*)..")
          .should()
          .notDependOnEachOther()
          .because("each is a module of its own. Move what several need into queue-core");

  @ArchTest
  static final ArchRule examplesDoNotKnowEachOther =
      slices()
          .matching("io.pgq4j.examples.(*)..")
          .should()
          .notDependOnEachOther()
          .because("each is read and copied alone. Write it twice, or move it into a module");

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices()
          .assignedFrom(new ByPackage())
          .should()
          .beFreeOfCycles()
          .because(
              "two packages that need each other are one. Merge them, or let the lower one declare an"
                  + " interface that the upper one implements");

  @ArchTest
  static final ArchRule internalStaysInItsModule =
      classes()
          .should(notDependOnForeignInternals())
          .because(
              "an internal package may change any day. Use the module's API, or let the module offer"
                  + " in its API what is missing");

  @ArchTest
  static final ArchRule signaturesNameNoLibrary =
      classes()
          .that()
          .arePublic()
          .and()
          .resideOutsideOfPackage("..internal..")
          .should(nameNoTypeOf("org.jooq", "org.flywaydb", "com.fasterxml.jackson"))
          .because(
              "users would be tied to our choice of library and its version. Take and give JDK types or"
                  + " records of ours, or make the member or the class package-private");

  @ArchTest
  static final ArchRule coreHasFewDependencies =
      noClasses()
          .that(resideInAnyPackage("io.pgq4j", "io.pgq4j.daemon..", "io.pgq4j.internal.."))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.flywaydb..", "picocli..", "ch.qos.logback..")
          .because(
              "queue-core lives in the applications of others. Install with queue-sql, parse arguments"
                  + " in admin-cli, log through slf4j");

  private static ArchCondition<JavaClass> notDependOnForeignInternals() {
    return new ArchCondition<>("not depend on another module's internal package") {
      @Override
      public void check(JavaClass origin, ConditionEvents events) {
        for (Dependency dependency : origin.getDirectDependenciesFromSelf()) {
          JavaClass target = dependency.getTargetClass();
          boolean foreign = IS_INTERNAL.test(target) && !module(target).equals(module(origin));
          events.add(new SimpleConditionEvent(origin, !foreign, dependency.getDescription()));
        }
      }
    };
  }

  private static String module(JavaClass type) {
    Matcher matcher = MODULE.matcher(type.getPackageName());
    return matcher.matches() ? matcher.group(1) : "core";
  }

  private static ArchCondition<JavaClass> nameNoTypeOf(String... libraries) {
    List<String> prefixes = Stream.of(libraries).map(library -> library + ".").toList();
    return new ArchCondition<>("name no type of %s in a signature", List.of(libraries)) {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        Stream<JavaType> parents =
            Stream.concat(type.getSuperclass().stream(), type.getInterfaces().stream());
        check(type, type.getName(), parents, events);
        type.getMembers().stream()
            .filter(ArchitectureTest::isVisible)
            .forEach(member -> check(type, member.getFullName(), types(member), events));
      }

      private void check(
          JavaClass type, String name, Stream<JavaType> types, ConditionEvents events) {
        types
            .flatMap(each -> each.getAllInvolvedRawTypes().stream())
            .filter(each -> prefixes.stream().anyMatch(each.getName()::startsWith))
            .forEach(
                each ->
                    events.add(
                        SimpleConditionEvent.violated(type, name + " names " + each.getName())));
      }
    };
  }

  private static boolean isVisible(JavaMember member) {
    Set<JavaModifier> modifiers = member.getModifiers();
    return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
  }

  private static Stream<JavaType> types(JavaMember member) {
    if (member instanceof JavaCodeUnit method) {
      return Stream.concat(
          Stream.of(method.getReturnType()),
          Stream.concat(method.getParameterTypes().stream(), method.getExceptionTypes().stream()));
    }
    return member.getAllInvolvedRawTypes().stream().map(JavaType.class::cast);
  }

  /** One slice for each package, also for one within another. */
  private static final class ByPackage implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      return SliceIdentifier.of(type.getPackageName());
    }

    @Override
    public String getDescription() {
      return "packages";
    }
  }

  /** Leaves out all tests, also those that come as a jar. */
  static final class WithoutTests implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return new DoNotIncludeTests().includes(location) && !location.contains("-tests.jar");
    }
  }
}
