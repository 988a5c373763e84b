package io.pgq4j.ticker.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.ticker.TickerState;
import io.pgq4j.ticker.TickerState.Role;
import io.pgq4j.ticker.daemon.HttpEndpoint.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HealthTest {
  private static final Duration HANGS = Duration.ofSeconds(61);

  @ParameterizedTest
  @EnumSource
  void itIsReadyIfItLeadsOrStandsBy(Role role) throws IOException {
    boolean ready = role == Role.LEADER || role == Role.STANDBY;
    Health health = new Health(true, true, Map.of("shop", state(role, Duration.ZERO, null)));

    assertThat(health.ready().status()).isEqualTo(ready ? 200 : 503);
    assertThat(body(health.ready())).contains("\"database\":\"shop\"");
    assertThat(health.live().status()).as("a database that is down is no fault").isEqualTo(200);
  }

  @Test
  void itIsNotReadyBeforeTheDatabasesAreKnown() throws IOException {
    assertThat(new Health(true, false, Map.of()).ready().status()).isEqualTo(503);
    assertThat(body(new Health(true, false, Map.of()).ready())).contains("not known yet");
    assertThat(new Health(true, true, Map.of()).ready().status()).isEqualTo(200);
  }

  @Test
  void itSaysWhyADatabaseIsNotTicked() throws IOException {
    TickerState good = state(Role.LEADER, Duration.ZERO, null);
    TickerState bad = state(Role.WAITING, Duration.ZERO, "bad tick: \"no\" route");
    Answer answer = new Health(true, true, Map.of("good", good, "bad", bad)).ready();

    assertThat(answer.status()).isEqualTo(503);
    assertThat(body(answer))
        .startsWith("{\"status\":\"down\"")
        .contains("\"problem\":\"bad tick: \\\"no\\\" route\"");
  }

  @Test
  void aThreadThatHangsIsAFault() throws IOException {
    Health health = new Health(true, true, Map.of("shop", state(Role.LEADER, HANGS, null)));

    assertThat(health.live().status()).isEqualTo(503);
    assertThat(health.ready().status()).isEqualTo(503);
    assertThat(body(health.live()))
        .isEqualTo(
            "{\"status\":\"down\",\"faults\":[\"shop: the thread that ticks has hung for 61 s\"]}\n");
  }

  @Test
  void aScannerThatDiedIsAFault() {
    assertThat(new Health(false, true, Map.of()).live().status()).isEqualTo(503);
  }

  private static TickerState state(Role role, Duration silence, @Nullable String error) {
    return new TickerState(role, Instant.EPOCH, 0, null, error, silence);
  }

  private static String body(Answer answer) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    answer.body().writeTo(out);
    return out.toString(UTF_8);
  }
}
