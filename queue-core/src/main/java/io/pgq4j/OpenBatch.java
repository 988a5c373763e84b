package io.pgq4j;

import io.pgq4j.internal.Spool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A batch in the hands of its consumer: the events to come, and the verdicts so far. */
final class OpenBatch implements Batch, Ledger, AutoCloseable {
  private static final long VERDICTS_IN_MEMORY = 1 << 20;

  private final Consumer consumer;
  private final BatchInfo info;
  private final Spool<Event> events;
  private final Judge judge;
  private final BooleanSupplier aborted;
  private final Spool<Verdict> verdicts = new Spool<>(Verdict.Codec.INSTANCE, VERDICTS_IN_MEMORY);
  private boolean iterated;
  private boolean restSkipped;

  OpenBatch(
      Consumer consumer,
      BatchInfo info,
      Spool<Event> events,
      Judge judge,
      BooleanSupplier aborted) {
    this.consumer = consumer;
    this.info = info;
    this.events = events;
    this.judge = judge;
    this.aborted = aborted;
  }

  @Override
  public long id() {
    return info.id();
  }

  @Override
  public String queue() {
    return consumer.queue();
  }

  @Override
  public String consumer() {
    return consumer.name();
  }

  @Override
  public long previousTick() {
    return info.previousTick();
  }

  @Override
  public long tick() {
    return info.tick();
  }

  @Override
  public Instant previousTickTime() {
    return info.previousTickTime();
  }

  @Override
  public Instant tickTime() {
    return info.tickTime();
  }

  @Override
  public void retry(Event event, Duration delay) {
    add(Verdict.retry(event.id(), null, delay));
  }

  @Override
  public void dead(Event event, String reason) {
    add(Verdict.dead(event.id(), reason));
  }

  @Override
  public void fail(Event event, Throwable failure) {
    judge.judge(event, null, failure).ifPresent(this::add);
  }

  @Override
  public void done(Event event) {
    // An event without a verdict is done.
  }

  @Override
  public boolean failed(Event event, @Nullable String key, Throwable failure) {
    Optional<Verdict> verdict = judge.judge(event, key, failure);
    verdict.ifPresent(this::add);
    return verdict.filter(found -> found.kind() != Verdict.Kind.DEAD).isPresent();
  }

  @Override
  public void heldBack(Event event, String key) {
    add(Verdict.held(event.id(), key, Duration.ZERO));
  }

  @Override
  public void skipRest() {
    restSkipped = true;
  }

  void add(Verdict verdict) {
    try {
      verdicts.add(verdict);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the spool file of batch " + id(), e);
    }
  }

  @Override
  public Iterator<Event> iterator() {
    if (iterated) {
      throw new IllegalStateException("a batch can be iterated only once");
    }
    iterated = true;
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return events.size() > 0 && !restSkipped;
      }

      @Override
      public Event next() {
        return nextEvent();
      }
    };
  }

  private Event nextEvent() {
    Event event = poll();
    if (event == null) {
      throw new NoSuchElementException("no more events in batch " + id());
    }
    return event;
  }

  /** The next event; null if there is none. */
  @Nullable Event poll() {
    if (aborted.getAsBoolean()) {
      throw new CancellationException("the runner was closed");
    }
    try {
      return restSkipped ? null : events.poll();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the spool file of batch " + id(), e);
    }
  }

  /** Refuses a batch that was not read to its end. */
  void checkComplete() {
    if (events.size() > 0 && !restSkipped) {
      throw new IllegalStateException(
          "processBatch returned with "
              + events.size()
              + " events unread: read the batch to its end or call skipRest()");
    }
  }

  Spool<Verdict> verdicts() {
    return verdicts;
  }

  @Override
  public void close() throws IOException {
    try (verdicts) {
      events.close();
    }
  }
}
