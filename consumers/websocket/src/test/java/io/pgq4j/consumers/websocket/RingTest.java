package io.pgq4j.consumers.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.pgq4j.Event;
import io.pgq4j.consumers.websocket.Ring.Page;
import io.pgq4j.consumers.websocket.Ring.Place;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RingTest {
  private final Ring ring = new Ring(4, 1 << 20);

  private static Entry entry(long tick, long id, String data) {
    return new Entry(
        tick, "q", new Event(id, 1, Instant.EPOCH, 0, "t", data, null, null, null, null));
  }

  private void batch(long previousTick, long tick, long... ids) {
    ring.begin(previousTick);
    for (long id : ids) {
      ring.add(entry(tick, id, "{}"));
    }
    ring.advance(tick);
  }

  private Page after(@Nullable String position) {
    return ring.after(position == null ? null : Position.parse(position), 100);
  }

  private static Position at(String text) {
    return Position.parse(text);
  }

  private void assertThatAfter(String position, String... events) {
    Page page = after(position);
    assertThat(page.place()).isEqualTo(Place.HERE);
    assertThat(page.entries()).extracting(e -> e.position().toString()).containsExactly(events);
  }

  @Test
  void aReaderGoesOnWithinABatchOrAfterIt() {
    batch(1, 2, 10, 12);
    batch(2, 3, 11);

    assertThatAfter("2-10", "2-12", "3-11");
    assertThatAfter("2-12", "3-11");
    assertThatAfter("2", "3-11");
    assertThatAfter("3-11");
    assertThatAfter("3");
    assertThat(after("2").end()).isEqualTo(at("3"));
  }

  @Test
  void aNewReaderBeginsWithWhatComes() {
    assertThat(after(null).place()).isEqualTo(Place.UNKNOWN);
    batch(1, 2, 10);

    Page page = after(null);

    assertThat(page.entries()).isEmpty();
    assertThat(page.end()).isEqualTo(at("2"));
  }

  @Test
  void whatFellOutIsMissed() {
    batch(1, 2, 10, 11, 12);
    batch(2, 3, 13, 14);

    assertThat(after("1").place()).isEqualTo(Place.BEHIND);
    assertThat(after("1").end()).isEqualTo(at("2-10"));
    assertThatAfter("2-10", "2-11", "2-12", "3-13", "3-14");
  }

  @Test
  void whatWasBeforeTheFirstBatchMayHaveBeenMissed() {
    batch(5, 6, 10);

    assertThat(after("4").place()).isEqualTo(Place.BEHIND);
    assertThat(after("5-3").place()).as("of tick 5, more may have come").isEqualTo(Place.BEHIND);
    assertThatAfter("5", "6-10");
  }

  @Test
  void aConsumerThatIsMovedOverIdleTicksMissesNothing() {
    batch(5, 6, 10);
    ring.advance(8);
    batch(9, 10, 11);

    assertThatAfter("6", "10-11");
    assertThatAfter("8", "10-11");
  }

  @Test
  void aBatchThatComesAgainAddsWhatIsNotThereYet() {
    ring.begin(1);
    ring.add(entry(2, 10, "{}"));
    batch(1, 2, 10, 11);
    batch(1, 2, 10, 11);

    assertThatAfter("1", "2-10", "2-11");
  }

  @Test
  void aQueueThatWasSetBackBeginsANewRing() {
    batch(8, 9, 10);
    batch(3, 4, 7);

    assertThat(after("9").place()).isEqualTo(Place.AHEAD);
    assertThat(after("9").end()).isEqualTo(at("3"));
    assertThatAfter("3", "4-7");
  }

  @Test
  void memoryIsBoundedAlsoForEventsThatAreLargerThanAll() {
    Ring small = new Ring(100, 10_000);
    small.begin(1);
    for (int id = 1; id <= 20; id++) {
      small.add(entry(2, id, "\"" + "x".repeat(500) + "\""));
    }
    int kept = small.after(at("2-20"), 100).entries().size();
    assertThat(kept).isZero();
    assertThat(small.after(at("1"), 100).place()).isEqualTo(Place.BEHIND);
    assertThat(small.after(at("2-18"), 100).entries()).hasSize(2);

    small.add(entry(2, 21, "\"" + "x".repeat(10_000) + "\""));

    assertThat(small.after(at("2-20"), 100).place()).isEqualTo(Place.BEHIND);
    assertThat(small.after(at("2-21"), 100).place()).isEqualTo(Place.HERE);
  }

  @Test
  void aPageHasNoMoreThanWasAskedForAndSaysWhereToGoOn() {
    batch(1, 2, 10, 11, 12);

    Page page = ring.after(at("1"), 2);

    assertThat(page.entries()).hasSize(2);
    assertThat(page.more()).isTrue();
    assertThat(page.end()).isEqualTo(at("2-11"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-", "1-", "x", "1-2-3", "1234567890123456789", "-1"})
  void whatIsNoPositionIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Position.parse(text));
  }
}
