package io.pgq4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventTest {

  record Job(long jobId, String title, @Nullable BigDecimal minPay, @Nullable Inner innerPart) {}

  record Inner(int someValue) {}

  record Times(Instant seenAt, OffsetDateTime sentAt, LocalDateTime madeAt, LocalDate dueOn) {}

  record Checked(int value) {
    Checked {
      if (value < 0) {
        throw new IllegalArgumentException("negative");
      }
    }
  }

  private static Event event(@Nullable String data) {
    return new Event(1, 2, Instant.EPOCH, 0, "INSERT", data, null, null, null, null);
  }

  @Test
  void columnsGoToComponentsInCamelCaseAtEveryLevelAndUnknownOnesAreIgnored() {
    Job job =
        event(
                """
                {"job_id": 7, "title": "cook", "min_pay": 1.10, "other": [1],
                 "inner_part": {"some_value": 3}}""")
            .row(Job.class);

    assertThat(job).isEqualTo(new Job(7, "cook", new BigDecimal("1.10"), new Inner(3)));
  }

  @Test
  void rowNumbersAreExact() {
    assertThat(event("{\"job_id\": 9223372036854775807}").row(Job.class).jobId())
        .isEqualTo(Long.MAX_VALUE);
    assertUnfit("{\"job_id\": 9223372036854775808}");
    assertUnfit("{\"job_id\": 1.5}");
    assertUnfit("{\"job_id\": null}");
    assertUnfit("{\"job_id\": \"7\"}");
    assertUnfit("{\"title\": \"job_id is missing\"}");
  }

  @Test
  void timesAreReadAsPostgresWritesThem() {
    Times times =
        event(
                """
                {"seen_at": "2026-11-20T16:27:16.123456+00:00",
                 "sent_at": "2026-11-20T21:57:16+05:30",
                 "made_at": "2026-11-20T16:27:16", "due_on": "2026-11-20"}""")
            .row(Times.class);

    assertThat(times.seenAt()).isEqualTo(Instant.parse("2026-11-20T16:27:16.123456Z"));
    assertThat(times.sentAt()).hasToString("2026-11-20T21:57:16+05:30");
    assertThat(times.madeAt()).isEqualTo(LocalDateTime.parse("2026-11-20T16:27:16"));
    assertThat(times.dueOn()).isEqualTo(LocalDate.parse("2026-11-20"));
  }

  @Test
  void jsonKeepsOrderAndExactNumbers() {
    Map<String, @Nullable Object> json =
        event(
                """
                {"z": 1, "a": 9007199254740993, "m": 9223372036854775808, "d": 0.10,
                 "n": null, "t": true, "l": [1, {"x": "y"}], "e": 1e400}""")
            .json();

    assertThat(json.keySet()).containsExactly("z", "a", "m", "d", "n", "t", "l", "e");
    assertThat(json.get("z")).isEqualTo(1);
    assertThat(json.get("a")).isEqualTo(9007199254740993L);
    assertThat(json.get("m")).isEqualTo(new BigInteger("9223372036854775808"));
    assertThat(json.get("d")).isEqualTo(new BigDecimal("0.10"));
    assertThat(json).containsEntry("n", null);
    assertThat(json.get("l")).isEqualTo(List.of(1, Map.of("x", "y")));
    assertThat(json.get("e")).isEqualTo(new BigDecimal("1e400"));
  }

  @Test
  void ofARepeatedKeyTheLastValueCounts() {
    assertThat(event("{\"a\": 1, \"b\": 2, \"a\": 3}").json()).isEqualTo(Map.of("a", 3, "b", 2));
  }

  @Test
  @Timeout(10)
  void theLargestNumericIsRead() {
    String digits = "7".repeat(131_072);
    String fraction = "3".repeat(16_383);

    assertThat(event("{\"n\": " + digits + "}").json())
        .isEqualTo(Map.of("n", new BigInteger(digits)));
    assertThat(event("{\"n\": " + digits + "." + fraction + "}").json())
        .isEqualTo(Map.of("n", new BigDecimal(digits + "." + fraction)));
  }

  @Test
  void textIsKeptAsItIs() {
    assertThat(event("{\"a\": \"\\u0000\", \"b\": \"\\ud83d\", \"c\": \"\\ud83d\\ude00\"}").json())
        .isEqualTo(Map.of("a", "\u0000", "b", "\ud83d", "c", "\ud83d\ude00"));
  }

  @Test
  @Timeout(10)
  void deepNestingIsAnErrorAndNoStackOverflow() {
    String deep = "{\"a\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}";

    assertThatExceptionOfType(EventDataException.class).isThrownBy(() -> event(deep).json());
    assertThatExceptionOfType(EventDataException.class)
        .isThrownBy(() -> event(deep.replace("a", "title")).row(Job.class));
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {"", " ", "null", "[1]", "1", "{", "{\"a\": 1} x", "{\"a\": 1}{}", "{a: 1}", "x"})
  void whatIsNotOneObjectIsAnError(@Nullable String data) {
    assertThatExceptionOfType(EventDataException.class)
        .isThrownBy(() -> event(data).json())
        .withMessageContaining("event 1");
    assertThatExceptionOfType(EventDataException.class)
        .isThrownBy(() -> event(data).row(Job.class));
  }

  @Test
  void whatTheClassItselfRefusesIsAnError() {
    assertThatExceptionOfType(EventDataException.class)
        .isThrownBy(() -> event("{\"value\": -1}").row(Checked.class))
        .withMessageContaining("negative");
  }

  @Test
  @Timeout(10)
  void aLongPayloadIsRead() {
    String text = "x".repeat(30_000_000);

    assertThat(event("{\"title\": \"" + text + "\", \"job_id\": 1}").row(Job.class).title())
        .hasSize(text.length());
  }

  @Test
  void aVerdictFitsAnInterval() {
    assertThat(Verdict.retry(1, "k", Duration.ofSeconds(Long.MAX_VALUE)).delay())
        .isLessThan(Duration.ofDays(40_000));
  }

  @Test
  void reasonsAreMadeStorable() {
    assertThat(Texts.storable("a\u0000b\ud83dc\ud83d\ude00"))
        .isEqualTo("a\ufffdb\ufffdc\ud83d\ude00");
    assertThat(Texts.storable("x".repeat(100_000))).hasSizeLessThan(10_000);
    assertThat(Texts.unstorable(String.join("", Collections.nCopies(10, "\ud83d\ude00"))))
        .isEqualTo(-1);
  }

  private static void assertUnfit(String data) {
    assertThatExceptionOfType(EventDataException.class)
        .isThrownBy(() -> event(data).row(Job.class));
  }
}
