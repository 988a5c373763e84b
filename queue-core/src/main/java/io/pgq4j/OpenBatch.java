package io.pgq4j;

import io.pgq4j.internal.Spool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A batch in the hands of its consumer: the events to come, and the verdicts so far. */
final class OpenBatch implements Batch, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(OpenBatch.class);

  private static final long VERDICTS_IN_MEMORY = 1 << 20;

  private final Consumer consumer;
  private final BatchInfo info;
  private final Spool<Event> events;
  private final @Nullable RetryPolicy retryPolicy;
  private final BooleanSupplier aborted;
  private final Spool<Verdict> verdicts = new Spool<>(Verdict.Codec.INSTANCE, VERDICTS_IN_MEMORY);
  private boolean iterated;
  private boolean restSkipped;

  OpenBatch(
      Consumer consumer,
      BatchInfo info,
      Spool<Event> events,
      @Nullable RetryPolicy retryPolicy,
      BooleanSupplier aborted) {
    this.consumer = consumer;
    this.info = info;
    this.events = events;
    this.retryPolicy = retryPolicy;
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
    add(Verdict.retry(event.id(), delay));
  }

  @Override
  public void dead(Event event, String reason) {
    add(Verdict.dead(event.id(), reason));
  }

  @Override
  public void fail(Event event, Throwable failure) {
    Verdict verdict = verdict(event, failure);
    log.warn(
        "queue {}, consumer {}, batch {}, event {}: attempt {} failed, {}: {}",
        queue(),
        consumer(),
        id(),
        event.id(),
        event.retry() + 1,
        switch (verdict.kind()) {
          case RETRY -> "comes again after " + verdict.delay();
          case DEAD -> "goes to the dead letters";
          case FAILED -> "comes again or goes to the dead letters, as the queue is set";
        },
        Texts.describe(failure));
    log.debug("event {}", event.id(), failure);
    add(verdict);
  }

  private Verdict verdict(Event event, Throwable failure) {
    String reason = Texts.describe(failure);
    if (failure instanceof EventDataException) {
      return Verdict.dead(event.id(), reason);
    }
    RetryPolicy policy = retryPolicy;
    if (policy == null) {
      return Verdict.failed(event.id(), reason);
    }
    return policy
        .delayAfter(event.retry() + 1, failure)
        .map(delay -> Verdict.retry(event.id(), delay))
        .orElseGet(() -> Verdict.dead(event.id(), reason));
  }

  @Override
  public void skipRest() {
    restSkipped = true;
  }

  private void add(Verdict verdict) {
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
    if (aborted.getAsBoolean()) {
      throw new CancellationException("the runner was closed");
    }
    try {
      Event event = restSkipped ? null : events.poll();
      if (event == null) {
        throw new NoSuchElementException("no more events in batch " + id());
      }
      return event;
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
