package io.pgq4j.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectUniqueId;
import static org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder.request;

import java.lang.reflect.Method;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.commons.support.ReflectionSupport;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs each test that names {@link Plant}s with the bug in the engine, and expects it to fail. A
 * race is not met each time: a test that passed runs again.
 */
class PlantedBugsIT {

  private static final int TRIES = 3;

  /** The first plant of each test, then the second of those that have two, and so on. */
  static List<Integer> rounds() {
    int most = tests().stream().mapToInt(test -> plants(test).length).max().orElseThrow();
    return IntStream.range(0, most).boxed().toList();
  }

  @ParameterizedTest
  @MethodSource("rounds")
  void everyPlantedBugIsNoticed(int round) {
    List<DiscoverySelector> selected =
        tests().stream()
            .filter(test -> plants(test).length > round)
            .<DiscoverySelector>map(test -> selectMethod(test.getDeclaringClass(), test))
            .toList();
    Results results = new Results();
    List<DiscoverySelector> next = selected;
    for (int tries = 0; tries < TRIES && !next.isEmpty(); tries++) {
      results.unnoticed.clear();
      LauncherFactory.create()
          .execute(
              request()
                  .selectors(next)
                  .configurationParameter(Sessions.PLANT, String.valueOf(round))
                  .build(),
              results);
      next = List.copyOf(results.unnoticed);
    }

    assertThat(results.unnoticed).as("tests that did not fail").isEmpty();
    assertThat(results.others).as("tests that failed, but not by the bug").isEmpty();
    assertThat(results.noticed).as("bugs planted and noticed").hasSize(selected.size());
  }

  private static List<Method> tests() {
    return ReflectionSupport.findAllClassesInPackage(
            PlantedBugsIT.class.getPackageName(), type -> true, name -> name.endsWith("IT"))
        .stream()
        .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
        .filter(method -> plants(method).length > 0)
        .toList();
  }

  private static Plant[] plants(Method method) {
    return method.getAnnotationsByType(Plant.class);
  }

  private static final class Results implements TestExecutionListener {
    final List<String> noticed = new ArrayList<>();
    final List<DiscoverySelector> unnoticed = new ArrayList<>();
    final List<String> others = new ArrayList<>();

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      if (!test.isTest()) {
        return;
      }
      Throwable failure = result.getThrowable().orElse(null);
      if (failure instanceof AssertionError || failure instanceof SQLException) {
        noticed.add(test.getUniqueId());
      } else if (result.getStatus() == Status.SUCCESSFUL) {
        unnoticed.add(selectUniqueId(test.getUniqueId()));
      } else {
        others.add(test.getUniqueId() + ": " + result);
      }
    }
  }
}
