package io.pgq4j.admin.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextTableTest {
  @Test
  void theTableIsEightyColumnsWideAndNumbersStandToTheRight() {
    List<String> lines =
        print(new TextTable("Event queue", "New").row("jobs", "7").row("mail", "1000000"));
    assertThat(lines)
        .containsExactly(
            "Event queue" + " ".repeat(66) + "New",
            "-".repeat(80),
            "  jobs" + " ".repeat(73) + "7",
            "  mail" + " ".repeat(67) + "1000000",
            "-".repeat(80));
  }

  @Test
  void aLongNameWidensTheTableAndIsNotCut() {
    List<String> lines = print(new TextTable("Q", "New").row("x".repeat(200), "7").row("y", "8"));
    assertThat(lines.get(2)).isEqualTo("  " + "x".repeat(200) + "    7");
    assertThat(lines.get(3)).hasSize(207).endsWith("8");
    assertThat(lines.get(1)).isEqualTo("-".repeat(207));
  }

  @Test
  void wideCharactersKeepTheColumnsStraight() {
    List<String> lines = print(new TextTable("Q", "New").row("仕事", "7").row("abcd", "8"));
    assertThat(lines.get(2)).hasSize(lines.get(3).length() - 2).endsWith("7");
  }

  @Test
  void aTitleStandsAboveItsRowsAndWidensNothing() {
    List<String> lines = print(new TextTable("Q", "N").title("t".repeat(90)).row("a", "1"));
    assertThat(lines.get(2)).isEqualTo("t".repeat(90));
    assertThat(lines.get(1)).hasSize(80);
  }

  @Test
  void aRowWithACellTooFewIsAMistake() {
    TextTable table = new TextTable("A", "B", "C");
    assertThatThrownBy(() -> table.row("1", "2")).hasMessage("a row of 3 cells is needed, not 2");
  }

  private static List<String> print(TextTable table) {
    StringWriter text = new StringWriter();
    table.print(new PrintWriter(text, true));
    return text.toString().lines().toList();
  }
}
