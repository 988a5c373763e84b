package io.pgq4j.admin.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CheckTest {
  @ParameterizedTest
  @EnumSource
  void everyCheckSaysInItsFileWhatItLooksFor(Check check) {
    assertThat(check.sql()).startsWith("-- ").contains(" as object");
  }

  @ParameterizedTest
  @EnumSource
  void everyCheckStandsInTheHowTo(Check check) throws IOException {
    assertThat(Files.readString(Path.of("..", "docs", "how-to", "ask-the-doctor.md")))
        .contains("| `" + check.id() + "`: ");
  }

  @Test
  void aNameInACommandCannotDoAnything() throws Exception {
    FoundRow row = new FoundRow(Map.of("queue", "a'b; rm -rf $HOME `x`", "consumer", "--url"));
    assertThat(Patient.words(row.command("pgq-admin unregister {queue} {consumer}")))
        .containsExactly("pgq-admin", "unregister", "--", "a'b; rm -rf $HOME `x`", "--url");
  }

  @Test
  void whatIsNotThereLeavesNothingBehind() {
    FoundRow row = new FoundRow(Map.of("queue", "jobs", "option", ""));
    assertThat(row.command("pgq-admin status {queue} {option}")).isEqualTo("pgq-admin status jobs");
  }
}
