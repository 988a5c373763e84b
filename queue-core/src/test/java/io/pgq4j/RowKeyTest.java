package io.pgq4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RowKeyTest {
  private static @Nullable String key(
      @Nullable String table, @Nullable String columns, @Nullable String data) {
    return RowKey.of(new Event(1, 1, Instant.EPOCH, 0, "INSERT", data, table, null, columns, null));
  }

  @Test
  void isTheTableAndTheValuesOfTheKeyColumns() {
    assertThat(key("t", "id", "{\"a\": [{\"id\": 3}], \"id\": 7, \"b\": 1}")).isEqualTo("t [7]");
    assertThat(key("t", "a,b", "{\"b\": \"x, \\\"y\", \"a\": null}"))
        .isEqualTo("t [null, \"x, \\\"y\"]");
    assertThat(key("t", "a", "{\"a\": {\"x\": [1,  2]}}")).isEqualTo("t [{\"x\":[1,2]}]");
  }

  @Test
  void differsWhereTextsAndNumbersDo() {
    assertThat(key("t", "id", "{\"id\": 7}")).isNotEqualTo(key("t", "id", "{\"id\": \"7\"}"));
    assertThat(key("t", "id", "{\"id\": 12345678901234567890.0}"))
        .isEqualTo("t [12345678901234567890.0]");
  }

  @Test
  void isTheTableWhereTheValuesCannotBeFound() {
    assertThat(key("t", "id", "{\"a\": 1}")).isEqualTo("t");
    assertThat(key("t", "id", "no json")).isEqualTo("t");
    assertThat(key("t", "id", "[1]")).isEqualTo("t");
  }

  @Test
  void isNullWhereNoTableOrColumnIsNamed() {
    assertThat(key(null, null, "{\"id\": 1}")).isNull();
    assertThat(key("t", null, "{\"id\": 1}")).isNull();
    assertThat(key("t", "id", null)).isNull();
  }

  @Test
  void longKeysAndThoseThatCannotBeStoredAreDigested() {
    assertThat(HeldKeys.fit("short")).isEqualTo("short");
    assertThat(HeldKeys.fit("a\u0000b")).startsWith("sha256:").isNotEqualTo(HeldKeys.fit("ab"));
    assertThat(HeldKeys.fit("x".repeat(10_000)))
        .hasSizeLessThan(100)
        .isNotEqualTo(HeldKeys.fit("x".repeat(10_001)));
  }

  @Test
  void whenTooManyKeysAreHeldEveryKeyIs() {
    HeldKeys held = new HeldKeys();
    for (int i = 0; i < HeldKeys.LIMIT - 1; i++) {
      held.add("k" + i);
    }
    assertThat(held.contains("other")).isFalse();
    held.add("last");
    assertThat(held.contains("other")).isTrue();
  }
}
