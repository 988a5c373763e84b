package io.pgq4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TraceParentTest {
  private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  private static Event event(long id, @Nullable String headers) {
    return new Event(id, 1, Instant.EPOCH, 0, null, null, null, null, null, headers);
  }

  private static Optional<String> trace(@Nullable String headers) {
    return event(1, headers).traceparent();
  }

  @Test
  void isFoundAloneAndAmongHeaders() {
    assertThat(trace(TRACE)).contains(TRACE);
    assertThat(trace("{\"user\": \"me\", \"traceparent\": \"" + TRACE + "\"}")).contains(TRACE);
    assertThat(trace("X-A: 1\nTraceparent: " + TRACE + "\n")).contains(TRACE);
    assertThat(trace("traceparent=" + TRACE + "&a=b")).contains(TRACE);
  }

  @Test
  void isEmptyWhereThereIsNone() {
    assertThat(trace(null)).isEmpty();
    assertThat(trace("")).isEmpty();
    assertThat(trace("{\"other\": \"" + TRACE + "\"}")).isEmpty();
    assertThat(trace("traceparent=" + TRACE.replace('f', 'g'))).isEmpty();
    assertThat(trace("ff" + TRACE.substring(2))).isEmpty();
  }

  @Test
  void anIdempotencyKeyIsOfOneEventOfOneConsumer() {
    Consumer mailer = new Consumer("jobs", "mailer") {};
    Consumer other = new Consumer("jobs", "other") {};
    String key = mailer.idempotencyKey(event(7, null));
    assertThat(key).hasSize(36);
    assertThat(mailer.idempotencyKey(event(7, "again"))).isEqualTo(key);
    assertThat(mailer.idempotencyKey(event(8, null))).isNotEqualTo(key);
    assertThat(other.idempotencyKey(event(7, null))).isNotEqualTo(key);
    Event later =
        new Event(7, 1, Instant.EPOCH.plusNanos(1_000), 0, null, null, null, null, null, null);
    assertThat(mailer.idempotencyKey(later)).isNotEqualTo(key);
    assertThatIllegalArgumentException().isThrownBy(() -> mailer.idempotencyKey(event(0, null)));
  }
}
