package io.pgq4j.sql;

import static java.util.function.Predicate.not;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;
import static org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder.request;

import java.lang.reflect.Method;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.commons.support.ReflectionSupport;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs each test that names {@link Plant}s with the bug in the engine, and expects it to fail. A
 * race is not met each time: a test that noticed nothing runs again.
 */
class PlantedBugsIT {

  private static final int TRIES = 3;

  /** The first plant of each test, then the second of those that have two, and so on. */
  static List<Integer> rounds() {
    int most = tests().mapToInt(test -> plants(test).length).max().orElseThrow();
    return IntStream.range(0, most).boxed().toList();
  }

  @ParameterizedTest
  @MethodSource("rounds")
  void everyPlantedBugIsNoticed(int round) {
    List<Method> unnoticed = tests().filter(test -> plants(test).length > round).toList();
    assertThat(unnoticed).isNotEmpty();
    Results results = new Results();
    for (int tried = 0; tried < TRIES && !unnoticed.isEmpty(); tried++) {
      results = run(unnoticed, round);
      unnoticed = unnoticed.stream().filter(not(results.noticed::contains)).toList();
    }

    assertThat(unnoticed)
        .as("tests that did not fail, or not by the bug: %s", results.others)
        .isEmpty();
  }

  private static Results run(List<Method> tests, int round) {
    Results results = new Results();
    LauncherFactory.create()
        .execute(
            request()
                .selectors(
                    tests.stream()
                        .map(test -> selectMethod(test.getDeclaringClass(), test))
                        .toList())
                .configurationParameter(Sessions.PLANT, String.valueOf(round))
                .build(),
            results);
    return results;
  }

  private static Stream<Method> tests() {
    return ReflectionSupport.findAllClassesInPackage(
            PlantedBugsIT.class.getPackageName(), type -> true, name -> name.endsWith("IT"))
        .stream()
        .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
        .filter(method -> plants(method).length > 0);
  }

  private static Plant[] plants(Method method) {
    return method.getAnnotationsByType(Plant.class);
  }

  private static Method methodOf(TestIdentifier test) {
    return test.getSource()
        .map(org.junit.platform.engine.support.descriptor.MethodSource.class::cast)
        .orElseThrow()
        .getJavaMethod();
  }

  private static final class Results implements TestExecutionListener {
    final Set<Method> noticed = new HashSet<>();
    final List<String> others = new ArrayList<>();

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      if (!test.isTest()) {
        return;
      }
      Throwable failure = result.getThrowable().orElse(null);
      if (failure instanceof AssertionError || failure instanceof SQLException) {
        noticed.add(methodOf(test));
      } else {
        others.add(test.getUniqueId() + ": " + result);
      }
    }
  }
}
