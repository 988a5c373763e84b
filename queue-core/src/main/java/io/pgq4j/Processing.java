package io.pgq4j;

import io.pgq4j.internal.Spool;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** How a consumer's code is called, as its configuration says. */
final class Processing implements AutoCloseable {
  private static final Circuit NEVER_OPEN =
      new Circuit(0, Duration.ofMillis(1), Duration.ofMillis(1));

  private static final String TRACE = "traceparent";

  /** The end of the consumer, as it was asked for. */
  interface Stop {
    boolean isAsked();

    /** Waits for it. Returns whether it was asked for in time. */
    boolean await(Duration atMost) throws InterruptedException;

    /** Is told before a wait for the circuit. */
    void circuitIsOpen();
  }

  private final Consumer consumer;
  private final ConsumerConfig config;
  private final Stop stop;
  private final boolean ownBatches;
  private final CircuitBreaker breaker;
  private final Judge judge;
  private final @Nullable Lanes lanes;

  Processing(Consumer consumer, ConsumerConfig config, Stop stop, Counts counts) {
    this.consumer = consumer;
    this.config = config;
    this.stop = stop;
    this.ownBatches = hasOwnBatches(consumer);
    String name = "queue " + consumer.queue() + ", consumer " + consumer.name();
    this.breaker =
        new CircuitBreaker(name, ownBatches ? NEVER_OPEN : config.circuit(), System::nanoTime);
    this.judge = new Judge(consumer, config.retryPolicy(), breaker, counts);
    this.lanes =
        config.parallelism().isOwnThread()
            ? null
            : new Lanes(
                consumer.queue() + "/" + consumer.name(),
                this::handle,
                config.parallelism(),
                breaker,
                stop,
                Math.max(1, config.bufferSize()));
  }

  /** Whether it overrides {@code processBatch}, so that events cannot be given out one by one. */
  static boolean hasOwnBatches(Consumer consumer) {
    return Stream.<Class<?>>iterate(
            consumer.getClass(), type -> type != Consumer.class, Class::getSuperclass)
        .flatMap(type -> Stream.of(type.getDeclaredMethods()))
        .anyMatch(
            method ->
                method.getName().equals("processBatch")
                    && List.of(method.getParameterTypes()).equals(List.of(Batch.class)));
  }

  Judge judge() {
    return judge;
  }

  boolean isCircuitOpen() {
    return breaker.isOpen();
  }

  /** Whether order by key is kept, over batches. */
  boolean keepsKeys() {
    return config.parallelism().order() == Order.BY_KEY;
  }

  /**
   * Processes a batch.
   *
   * @param held keys of which events are held
   */
  void process(OpenBatch batch, HeldKeys held) throws Exception {
    if (ownBatches) {
      consumer.processBatch(batch);
    } else if (lanes != null) {
      lanes.run(() -> item(batch.poll()), held, batch);
    } else {
      processInTurn(batch);
    }
  }

  private Lanes.@Nullable Item item(@Nullable Event event) {
    if (event == null) {
      return null;
    }
    if (!keepsKeys()) {
      return new Lanes.Item(event, null, null);
    }
    try {
      String key = consumer.key(event);
      return new Lanes.Item(event, key == null ? null : HeldKeys.fit(key), null);
    } catch (Exception e) {
      return new Lanes.Item(event, null, e);
    }
  }

  private void processInTurn(OpenBatch batch) throws Exception {
    for (Event event = batch.poll(); event != null; event = batch.poll()) {
      awaitCircuit();
      try {
        handle(event);
        breaker.succeeded();
      } catch (Exception | StackOverflowError | AssertionError e) {
        if (!Lanes.isOfTheEvent(e)) {
          throw e;
        }
        batch.failed(event, null, e);
      }
    }
  }

  private void awaitCircuit() throws InterruptedException {
    while (!breaker.admits(0)) {
      stop.circuitIsOpen();
      if (stop.await(breaker.pause())) {
        throw new CancellationException(
            "stopped while the circuit was open; the events come again");
      }
    }
  }

  private void handle(Event event) throws Exception {
    String trace = event.traceparent().orElse(null);
    if (trace == null) {
      consumer.process(event);
    } else {
      MDC.put(TRACE, trace);
      try {
        consumer.process(event);
      } finally {
        MDC.remove(TRACE);
      }
    }
  }

  /**
   * Processes held events that are due, and settles them.
   *
   * @return false if another session was faster
   */
  boolean processHeld(HeldEvents held) throws SQLException, IOException, InterruptedException {
    if (lanes == null) {
      throw new AssertionError("order by key is kept by lanes");
    }
    try (Spool<HeldEvents.Held> events =
        new Spool<>(HeldEvents.Held.Codec.INSTANCE, config.bufferSize())) {
      held.read(events);
      HeldLedger ledger = new HeldLedger();
      lanes.run(() -> item(events.poll()), new HeldKeys(), ledger);
      return held.settle(ledger.done, ledger.verdicts);
    }
  }

  private static Lanes.@Nullable Item item(HeldEvents.@Nullable Held held) {
    return held == null ? null : new Lanes.Item(held.event(), held.key(), null);
  }

  /** Those that are held back stay where they are. */
  private final class HeldLedger implements Ledger {
    final List<Long> done = new ArrayList<>();
    final List<Verdict> verdicts = new ArrayList<>();

    @Override
    public void done(Event event) {
      done.add(event.id());
    }

    @Override
    public boolean failed(Event event, @Nullable String key, Throwable failure) {
      Optional<Verdict> verdict = judge.judge(event, key, failure);
      verdict.ifPresentOrElse(verdicts::add, () -> done.add(event.id()));
      return verdict.filter(found -> found.kind() != Verdict.Kind.DEAD).isPresent();
    }

    @Override
    public void heldBack(Event event, String key) {}
  }

  /** Has a wait end that a stop is to end. */
  void wake() {
    if (lanes != null) {
      lanes.wake();
    }
  }

  @Override
  public void close() {
    if (lanes != null) {
      lanes.close();
    }
    consumer.stopped();
  }
}
