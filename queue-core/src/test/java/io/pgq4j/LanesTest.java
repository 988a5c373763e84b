package io.pgq4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LanesTest {
  private static final Duration SHORT = Duration.ofMillis(50);
  private static final long PLENTY = 1 << 20;

  private final Notes notes = new Notes();

  private static Lanes lanes(int workers, @Nullable Duration deadline, Lanes.Handler handler) {
    return lanes(new Parallelism(Order.BY_KEY, workers, null, deadline, 1), PLENTY, handler);
  }

  private static Lanes lanes(Parallelism parallelism, long maxWeight, Lanes.Handler handler) {
    CircuitBreaker breaker =
        new CircuitBreaker(
            "test", new Circuit(0, Duration.ofSeconds(1), Duration.ofSeconds(1)), System::nanoTime);
    return new Lanes("test", handler, parallelism, breaker, new NeverStops(), maxWeight);
  }

  /** Events like {@code a1}: their first letter is their key; {@code -} means none. */
  private static Lanes.Source source(String... data) {
    return source(Stream.of(data).iterator());
  }

  private static Lanes.Source source(Iterator<String> data) {
    AtomicInteger id = new AtomicInteger();
    return () -> {
      if (!data.hasNext()) {
        return null;
      }
      String text = data.next();
      Event event =
          new Event(id.incrementAndGet(), 1, Instant.EPOCH, 0, null, text, null, null, null, null);
      return new Lanes.Item(event, text.startsWith("-") ? null : text.substring(0, 1), null);
    };
  }

  @Test
  void eventsOfAKeyAreProcessedInOrderAndOneAtATime() throws Exception {
    Map<String, List<String>> seen = new ConcurrentHashMap<>();
    Map<String, AtomicInteger> inside = new ConcurrentHashMap<>();
    String[] data =
        IntStream.range(0, 20_000)
            .mapToObj(i -> (char) ('a' + i % 7) + String.valueOf(i))
            .toArray(String[]::new);
    try (Lanes lanes =
        lanes(
            8,
            null,
            event -> {
              String text = String.valueOf(event.data());
              String key = text.substring(0, 1);
              AtomicInteger mine = inside.computeIfAbsent(key, k -> new AtomicInteger());
              assertThat(mine.incrementAndGet()).isEqualTo(1);
              seen.computeIfAbsent(key, k -> new ArrayList<>()).add(text);
              mine.decrementAndGet();
            })) {
      lanes.run(source(data), new HeldKeys(), notes);
    }
    for (int key = 0; key < 7; key++) {
      String letter = String.valueOf((char) ('a' + key));
      assertThat(seen.get(letter))
          .containsExactlyElementsOf(
              Stream.of(data).filter(text -> text.startsWith(letter)).toList());
    }
    assertThat(notes.done).hasSize(data.length);
    assertThat(notes.failed).isEmpty();
  }

  @Test
  void keysAreProcessedSideBySideAndSoAreEventsWithoutKey() throws Exception {
    CyclicBarrier together = new CyclicBarrier(4);
    try (Lanes lanes = lanes(4, null, event -> together.await())) {
      lanes.run(source("a1", "b1", "-1", "-2"), new HeldKeys(), notes);
    }
    assertThat(notes.done).hasSize(4);
  }

  @Test
  void aFailedEventHoldsBackTheLaterOnesOfItsKeyInTheirOrder() throws Exception {
    try (Lanes lanes =
        lanes(
            2,
            null,
            event -> {
              if ("a2".equals(event.data())) {
                throw new IllegalStateException("no good");
              }
            })) {
      lanes.run(source("a1", "a2", "b1", "a3", "-1", "b2", "a4", "-2"), new HeldKeys(), notes);
    }
    assertThat(notes.failed).containsExactly("a2");
    assertThat(notes.heldBack).containsExactly("a3", "a4");
    assertThat(notes.done).containsExactlyInAnyOrder("a1", "b1", "-1", "b2", "-2");
  }

  @Test
  void anEventThatIsGivenUpHoldsNothingBack() throws Exception {
    notes.comesAgain = false;
    try (Lanes lanes =
        lanes(
            2,
            null,
            event -> {
              throw new IllegalStateException("no good");
            })) {
      lanes.run(source("a1", "a2", "a3"), new HeldKeys(), notes);
    }
    assertThat(notes.failed).containsExactly("a1", "a2", "a3");
    assertThat(notes.heldBack).isEmpty();
  }

  @Test
  void eventsOfHeldKeysAreNotTried() throws Exception {
    HeldKeys held = new HeldKeys();
    held.add("a");
    try (Lanes lanes = lanes(2, null, event -> {})) {
      lanes.run(source("a1", "b1", "a2"), held, notes);
    }
    assertThat(notes.heldBack).containsExactly("a1", "a2");
    assertThat(notes.done).containsExactly("b1");
  }

  @Test
  void noMoreIsReadThanTheWindowHoldsAndALargeEventPassesAlone() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger read = new AtomicInteger();
    Iterator<String> data =
        IntStream.range(0, 100)
            .mapToObj(i -> "-" + "x".repeat(1_000))
            .peek(text -> read.incrementAndGet())
            .iterator();
    AtomicInteger started = new AtomicInteger();
    try (Lanes lanes =
        lanes(
            new Parallelism(Order.BY_KEY, 3, null, null, 0),
            5_000,
            event -> {
              if (started.incrementAndGet() == 3) {
                // All workers are busy; whatever is read now is read ahead.
                go.countDown();
              }
              go.await();
              assertThat(read.get() - notes.count()).isLessThanOrEqualTo(6);
            })) {
      lanes.run(source(data), new HeldKeys(), notes);
      lanes.run(source("-" + "y".repeat(100_000), "-1"), new HeldKeys(), notes);
    }
    assertThat(notes.done).hasSize(102);
    assertThat(notes.failed).isEmpty();
  }

  @Test
  void anEventThatHangsHasFailedAtItsDeadlineAndTheRestGoesOn() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch late = new CountDownLatch(1);
    try (Lanes lanes =
        lanes(
            1,
            SHORT,
            event -> {
              if ("a1".equals(event.data())) {
                awaitUninterruptibly(go);
                late.countDown();
              }
            })) {
      lanes.run(source("a1", "a2", "b1"), new HeldKeys(), notes);
      assertThat(notes.failed).containsExactly("a1");
      assertThat(notes.failures.get(0))
          .isInstanceOf(DeadlineExceededException.class)
          .satisfies(
              failure ->
                  assertThat(failure.getStackTrace())
                      .as("where it hung")
                      .anyMatch(frame -> frame.getMethodName().equals("awaitUninterruptibly")));
      assertThat(notes.heldBack).containsExactly("a2");
      assertThat(notes.done).containsExactly("b1");
      go.countDown();
      late.await();
      lanes.run(source("a3"), new HeldKeys(), notes);
      assertThat(notes.done).as("what it did late is ignored").containsExactly("b1", "a3");
    }
  }

  @Test
  void anInterruptDoesNotReachTheNextEventOfTheThread() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    List<Boolean> flags = new CopyOnWriteArrayList<>();
    try (Lanes lanes =
        lanes(
            1,
            SHORT,
            event -> {
              if ("a1".equals(event.data())) {
                try {
                  never.await();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              } else {
                flags.add(Thread.currentThread().isInterrupted());
              }
            })) {
      lanes.run(source("a1"), new HeldKeys(), notes);
      lanes.run(source("-1", "-2", "-3"), new HeldKeys(), notes);
    }
    assertThat(flags).containsExactly(false, false, false);
  }

  @Test
  void tooManyThatHangStopTheConsumer() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    try (Lanes lanes = lanes(1, SHORT, event -> awaitUninterruptibly(go))) {
      assertThatExceptionOfType(ConsumerStop.class)
          .isThrownBy(() -> lanes.run(source("a1", "b1", "c1", "d1"), new HeldKeys(), notes))
          .withMessageContaining("hang");
      go.countDown();
    }
  }

  @Test
  void anErrorOfTheJvmEndsTheRun() {
    try (Lanes lanes =
        lanes(
            2,
            null,
            event -> {
              throw new OutOfMemoryError("planted");
            })) {
      assertThatExceptionOfType(OutOfMemoryError.class)
          .isThrownBy(() -> lanes.run(source("a1"), new HeldKeys(), notes));
    }
  }

  @Test
  void anInterruptOfTheConsumerReachesItsHandlers() throws Exception {
    CountDownLatch started = new CountDownLatch(2);
    CountDownLatch interrupted = new CountDownLatch(2);
    try (Lanes lanes =
        lanes(
            2,
            null,
            event -> {
              started.countDown();
              try {
                new CountDownLatch(1).await();
              } finally {
                interrupted.countDown();
              }
            })) {
      Thread consumer =
          new Thread(
              () ->
                  assertThatExceptionOfType(InterruptedException.class)
                      .isThrownBy(
                          () -> lanes.run(source("a1", "b1", "c1"), new HeldKeys(), notes)));
      consumer.start();
      started.await();
      consumer.interrupt();
      interrupted.await();
      consumer.join();
    }
    assertThat(notes.count()).isZero();
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    while (true) {
      try {
        latch.await();
        return;
      } catch (InterruptedException e) {
        // It is as bad as that.
      }
    }
  }

  private static final class NeverStops implements Processing.Stop {
    @Override
    public boolean isAsked() {
      return false;
    }

    @Override
    public boolean await(Duration atMost) {
      return false;
    }

    @Override
    public void circuitIsOpen() {}
  }

  private static final class Notes implements Ledger {
    final List<String> done = new ArrayList<>();
    final List<String> failed = new ArrayList<>();
    final List<Throwable> failures = new ArrayList<>();
    final List<String> heldBack = new ArrayList<>();
    boolean comesAgain = true;
    private final AtomicInteger count = new AtomicInteger();

    int count() {
      return count.get();
    }

    @Override
    public void done(Event event) {
      count.incrementAndGet();
      done.add(String.valueOf(event.data()));
    }

    @Override
    public boolean failed(Event event, @Nullable String key, Throwable failure) {
      count.incrementAndGet();
      failed.add(String.valueOf(event.data()));
      failures.add(failure);
      return comesAgain;
    }

    @Override
    public void heldBack(Event event, String key) {
      count.incrementAndGet();
      heldBack.add(String.valueOf(event.data()));
    }
  }
}
