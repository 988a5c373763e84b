package io.pgq4j;

import io.pgq4j.SharedBatches.Answer;
import io.pgq4j.SharedBatches.Wish;
import io.pgq4j.internal.Backoff;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens, reads and finishes batches for the consumers of one queue in one runner, by one connection
 * and thread. Each consumer has a {@link Seat}.
 */
final class SharedReader implements Runnable {
  /*
   * Why. Each tick is a batch for each consumer, at its own position. When each goes for it alone that is
   * three transactions and a query of the events for each of them, and the last of fifty has the event 25 ms
   * after the first.
   *
   * Rounds. A consumer that wants its next batch, or has finished one, wishes for it and waits. What is wished for
   * while a round is on its way is fulfilled by the next one, all of it in one transaction. So rounds become as
   * large as there is to do, and nobody waits for a consumer that is still at work: it has no wish.
   *
   * Watching. Who was told that there is no tick yet is watched: at the next tick the reader wishes for it, and
   * wakes it when it has a batch. So a consumer is woken once for a tick, with its events in hand.
   *
   * No lost wake-up. A seat is watched from the answer on, whose look came after the wish. A tick that is told
   * meanwhile has the seat ask again. A consumer sleeps by the rules of Wakeups, and when those say that
   * notifications may be lost, a look is a wish, whether it is watched or not.
   *
   * Nothing depends on it. Whoever gets no answer goes alone, as the only consumer of a queue does: after an error,
   * until the reader is back; where something is not plain (pgq.next_batches); for a batch that is too large to be
   * held in memory; and for what only happens now and then (a batch with failed events, the last one before a stop).
   * Positions, batch ids and their checks are in the database, and the same either way. A batch that was opened for a
   * consumer that is not there any more is open, and the next one that asks in its name gets it.
   */

  private static final Logger log = LoggerFactory.getLogger(SharedReader.class);

  private static final Backoff ASIDE =
      Backoff.between(Duration.ofMillis(200), Duration.ofSeconds(30));

  private final DataSource dataSource;
  private final String queue;
  private final List<Seat> seats = new ArrayList<>();
  private final Semaphore wished = new Semaphore(0);
  private int failures;
  private volatile boolean open;

  SharedReader(DataSource dataSource, String queue) {
    this.dataSource = dataSource;
    this.queue = queue;
  }

  /** A seat for one more consumer, before the start. */
  Seat seat(String consumer) {
    Seat seat = new Seat(this, consumer);
    seats.add(seat);
    return seat;
  }

  void start() {
    Thread thread = new Thread(this, "pgq4j-" + queue);
    thread.setDaemon(true);
    thread.start();
  }

  boolean isOpen() {
    return open;
  }

  /** Has it look at the seats. */
  void wake() {
    wished.release();
  }

  private boolean isWanted() {
    return seats.stream().anyMatch(Seat::isTaken);
  }

  @Override
  public void run() {
    try {
      while (isWanted()) {
        try (SharedBatches batches = SharedBatches.open(dataSource, queue)) {
          open = true;
          serve(batches);
        } catch (SQLException | RuntimeException e) {
          standAside(e);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      sendAway();
    }
  }

  private void serve(SharedBatches batches) throws SQLException, InterruptedException {
    while (isWanted()) {
      wished.acquire();
      wished.drainPermits();
      Map<Seat, Wish> wishes = new LinkedHashMap<>();
      for (Seat seat : seats) {
        Wish wish = seat.wish();
        if (wish != null) {
          wishes.put(seat, wish);
        }
      }
      if (!wishes.isEmpty()) {
        Map<String, Answer> answers = batches.fulfil(wishes.values());
        wishes.forEach(
            (seat, wish) -> seat.answer(wish, answers.getOrDefault(wish.consumer(), Answer.ALONE)));
        failures = 0;
      }
    }
  }

  private void standAside(Exception e) throws InterruptedException {
    sendAway();
    failures++;
    log.warn("queue {}: its consumers read by themselves for now: {}", queue, e.toString());
    wished.drainPermits();
    // Or until a consumer leaves, perhaps the last one.
    wished.tryAcquire(ASIDE.delay(failures).toMillis(), TimeUnit.MILLISECONDS);
  }

  private void sendAway() {
    open = false;
    seats.forEach(Seat::sendAway);
  }
}
