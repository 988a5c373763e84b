package io.pgq4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EventJsonTest {
  private static String json(@Nullable String data, @Nullable String old) {
    return EventJson.write(
        "jöbs", new Event(7, 1, Instant.EPOCH, 0, "UPDATE", data, "public.job", old, "id", null));
  }

  @Test
  void rowsAreAsTheyAreWithAllDigits() {
    assertThat(json("{\"id\": 9007199254740993, \"x\": 1.50}", "{}"))
        .isEqualTo(
            "{\"id\":7,\"queue\":\"jöbs\",\"time\":\"1970-01-01T00:00:00Z\",\"type\":\"UPDATE\","
                + "\"data\":{\"id\": 9007199254740993, \"x\": 1.50},\"table\":\"public.job\","
                + "\"old\":{},\"key\":\"id\",\"headers\":null}");
  }

  @Test
  void whatIsNoObjectIsAString() {
    assertThat(json("say \"hi\"\n", null))
        .contains("\"data\":\"say \\\"hi\\\"\\n\"", "\"old\":null");
    assertThat(json("[1]", "{} {}")).contains("\"data\":\"[1]\"", "\"old\":\"{} {}\"");
  }
}
