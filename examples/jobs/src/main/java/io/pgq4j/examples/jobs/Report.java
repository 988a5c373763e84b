package io.pgq4j.examples.jobs;

import java.io.IOException;
import java.util.List;

/**
 * What a report is here: parts that take their time, and where it goes wrong.
 *
 * @param failures how many attempts fail half way
 */
record Report(String name, int parts, long partMillis, int failures) {
  private static final List<Report> ALL =
      List.of(
          new Report("sales", 20, 100, 0),
          new Report("yearly", 100, 200, 0),
          new Report("flaky", 10, 50, 1),
          new Report("broken", 10, 50, Integer.MAX_VALUE),
          new Report("instant", 1, 0, 0));

  static boolean isKnown(String name) {
    return ALL.stream().anyMatch(report -> report.name().equals(name));
  }

  static Report named(String name) {
    return ALL.stream().filter(report -> report.name().equals(name)).findFirst().orElseThrow();
  }

  void check(int part, int attempt) throws IOException {
    if (attempt <= failures && part == parts / 2) {
      throw new IOException("the data for part " + part + " cannot be read");
    }
  }
}
