package io.pgq4j.admin.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {
  private static final List<String> KNOWN = List.of("jobs", "invoices", "mail", "Mail2");

  @ParameterizedTest
  @CsvSource({"job, jobs", "jbos, jobs", "JOBS, jobs", "invocies, invoices", "mial, mail"})
  void aSlipOfTheFingerIsForgiven(String given, String expected) {
    assertThat(Nearest.to(given, KNOWN)).contains(expected);
  }

  @ParameterizedTest
  @CsvSource({"orders", "x", "''", "invoicesarchive"})
  void anotherWordIsNotTakenForAKnownOne(String given) {
    assertThat(Nearest.to(given, KNOWN)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"abc, abc, 0", "'', abc, 3", "ab, ba, 1", "kitten, sitting, 3", "ca, abc, 3"})
  void editsAreCountedWithSwapsOfNeighbours(String a, String b, int expected) {
    assertThat(Nearest.edits(a, b)).isEqualTo(expected);
  }
}
