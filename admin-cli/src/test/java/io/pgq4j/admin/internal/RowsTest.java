package io.pgq4j.admin.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RowsTest {
  private static final Terminal NONE = Terminal.none();

  private final Rows rows =
      Rows.of("events", "event_id", "event_time", "wait_seconds", "done", "data")
          .add(
              7L,
              Instant.parse("2026-01-31T10:30:00.25Z"),
              new BigDecimal("90.5"),
              true,
              "a,\u001b[31m\"b\"")
          .add(12345L, null, null, false, null);

  @Test
  void aTableShowsTextToTheLeftAndNumbersToTheRight() {
    assertThat(print(OutputFormat.TABLE, NONE))
        .isEqualTo(
            """
            Event id  Event time             Wait  Done  Data
            ------------------------------------------------------------
                   7  2026-01-31T10:30:00Z  1m30s  yes   a,\\u001B[31m"b"
               12345  -                         -  no    -
            ------------------------------------------------------------
            """);
  }

  @Test
  void jsonHasAnObjectForEachRow() {
    assertThat(print(OutputFormat.JSON, NONE))
        .isEqualToIgnoringWhitespace(
            """
            {"events": [
              {"event_id": 7, "event_time": "2026-01-31T10:30:00.250Z", "wait_seconds": 90.5,
               "done": true, "data": "a,\\u001B[31m\\"b\\""},
              {"event_id": 12345, "event_time": null, "wait_seconds": null,
               "done": false, "data": null}]}
            """);
  }

  @Test
  void csvHasTheNamesAndThenTheRows() {
    assertThat(print(OutputFormat.CSV, NONE))
        .isEqualTo(
            """
            event_id,event_time,wait_seconds,done,data
            7,2026-01-31T10:30:00.250Z,90.5,true,"a,\u001b[31m""b""\"
            12345,,,false,
            """);
  }

  @Test
  void onANarrowTerminalTheWidestCellsAreCut() {
    Terminal narrow = new Terminal(true, true, 50, 24, false, NONE.in());
    assertThat(print(OutputFormat.TABLE, narrow).lines())
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(50))
        .anySatisfy(line -> assertThat(line).contains("…").contains("1m30s"));
  }

  @Test
  void colouredIsTheHeaderAndOnlyWhereThatCanBe() {
    Terminal coloured = new Terminal(true, true, 80, 24, true, NONE.in());
    assertThat(print(OutputFormat.TABLE, coloured))
        .startsWith("\u001b[1mEvent id")
        .contains("\u001b[0m\n");
    assertThat(print(OutputFormat.TABLE, NONE)).doesNotContain("\u001b");
    assertThat(print(OutputFormat.JSON, coloured)).doesNotContain("\u001b");
  }

  @Test
  void aRowOfAnotherLengthIsAMistake() {
    assertThatThrownBy(() -> Rows.of("x", "a", "b").add(1))
        .hasMessage("2 values are needed, not 1");
  }

  private String print(OutputFormat format, Terminal terminal) {
    StringWriter text = new StringWriter();
    rows.print(new PrintWriter(text, true), format, terminal);
    return text.toString().replace("\r\n", "\n");
  }
}
