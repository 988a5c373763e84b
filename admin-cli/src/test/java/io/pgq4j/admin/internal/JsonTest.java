package io.pgq4j.admin.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {
  @Test
  void theFormIsStable() {
    JsonObject object =
        JsonObject.of("queue", "jobs")
            .with("lag_seconds", Duration.ofMillis(1500))
            .with("period_seconds", Duration.ofHours(2))
            .with("rate", 0.25)
            .with("id", Long.MAX_VALUE)
            .with("exact", new BigDecimal("1E+3"))
            .with("paused", false)
            .with("at", Instant.parse("2026-01-02T03:04:05.6Z"))
            .with("none", null)
            .with("empty", List.of())
            .with("list", List.of(Map.of("a", 1), Map.of("b", 2)));
    assertThat(print(object))
        .isEqualTo(
            """
            {
              "queue": "jobs",
              "lag_seconds": 1.5,
              "period_seconds": 7200,
              "rate": 0.25,
              "id": 9223372036854775807,
              "exact": 1000,
              "paused": false,
              "at": "2026-01-02T03:04:05.600Z",
              "none": null,
              "empty": [],
              "list": [
                {
                  "a": 1
                },
                {
                  "b": 2
                }
              ]
            }
            """);
  }

  @Test
  void hostileTextIsEscapedAndComesBackWhole() throws Exception {
    String hostile =
        "a\"\\\n\u0000\u001b\u007f\u202E\u2028 仕事 \uD83D\uDE00" + Character.toString(0xE0041);
    String json = print(JsonObject.of("name", hostile));
    assertThat(json.strip().replace("\n", "").chars())
        .noneMatch(c -> c < 0x20 || c == 0x7F || c == 0x202E || c == 0x2028);
    assertThat(json).contains("仕事 \uD83D\uDE00").contains("\\u202E");
    assertThat(new ObjectMapper().readTree(json).get("name").textValue()).isEqualTo(hostile);
  }

  private static String print(JsonObject object) {
    StringWriter text = new StringWriter();
    Json.print(new PrintWriter(text), object.map());
    return text.toString();
  }
}
