package io.pgq4j.admin.web;

import io.javalin.http.HttpResponseException;
import io.pgq4j.QueueException;
import io.pgq4j.admin.internal.Json;
import io.pgq4j.admin.internal.JsonObject;
import io.pgq4j.admin.internal.Printable;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the database once a second while somebody watches, and less often where a look takes
 * long. Remembers what it saw for some minutes, so that a page begins with a past. Thread-safe.
 */
final class Sampler implements AutoCloseable {
  private static final Duration PERIOD = Duration.ofSeconds(1);
  private static final int SHARE = 10; // of its time it lets the database work for it
  private static final int MOST_WATCHES = 40; // each has a thread of the server
  private static final int MOST_SAMPLES = 180;
  private static final int MOST_CHARACTERS = 4_000_000;

  /**
   * What is sent to the pages.
   *
   * @param number higher than those before, also than those of an earlier run
   * @param event {@code sample}, or {@code away}: the database could not be asked
   */
  record Sample(long number, String event, String json) {
    /** JSON from the database and from Jackson has no line breaks. */
    String serverSentEvent() {
      return "id: " + number + "\nevent: " + event + "\ndata: " + json + "\n\n";
    }
  }

  private final Reader reader;
  private final Deque<Sample> past = new ArrayDeque<>();
  private long number = System.currentTimeMillis();
  private long characters;
  private int watches;
  private boolean closed;
  private @Nullable Sample away;
  private @Nullable Thread thread;

  Sampler(Reader reader) {
    this.reader = reader;
  }

  /** What one page sees. */
  final class Watch implements AutoCloseable {
    private long seen;

    private Watch(long seen) {
      this.seen = seen;
    }

    /** What came since the last call, in its order; waits until something does. Empty: the end. */
    List<Sample> next() throws InterruptedException {
      synchronized (Sampler.this) {
        List<Sample> news = newerThan(seen);
        while (news.isEmpty() && !closed) {
          Sampler.this.wait();
          news = newerThan(seen);
        }
        seen = news.isEmpty() ? seen : news.get(news.size() - 1).number();
        return closed ? List.of() : news;
      }
    }

    @Override
    public void close() {
      synchronized (Sampler.this) {
        watches--;
        Sampler.this.notifyAll();
      }
    }
  }

  /**
   * Begins to watch.
   *
   * @param seen the number of the last sample that the page has got; 0: none
   */
  synchronized Watch watch(long seen) {
    if (watches >= MOST_WATCHES) {
      throw new HttpResponseException(503, "Too many pages are open; close some.");
    }
    watches++;
    if (thread == null) {
      thread = new Thread(this::run, "sampler");
      thread.setDaemon(true);
      thread.start();
    }
    return new Watch(seen);
  }

  private List<Sample> newerThan(long seen) {
    List<Sample> news = new ArrayList<>();
    for (Sample sample : past) {
      if (sample.number() > seen) {
        news.add(sample);
      }
    }
    if (away != null && away.number() > seen) {
      news.add(away);
    }
    return news;
  }

  private void run() {
    try {
      while (isWatched()) {
        look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether to go on; where not, the next watch begins anew. */
  private synchronized boolean isWatched() {
    if (watches > 0 && !closed) {
      return true;
    }
    thread = null;
    return false;
  }

  /** Looks again and again, until nobody watches or the database is away. */
  private void look() throws InterruptedException {
    try (Connection connection = reader.open()) {
      while (isStillWatched()) {
        long began = System.nanoTime();
        publish(Objects.requireNonNull(Reader.json(connection, Live.SQL, List.of())));
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        pause(took.multipliedBy(SHARE).compareTo(PERIOD) > 0 ? took.multipliedBy(SHARE) : PERIOD);
      }
    } catch (SQLException e) {
      publishAway(e);
      pause(PERIOD);
    }
  }

  private synchronized boolean isStillWatched() {
    return watches > 0 && !closed;
  }

  /** Ends early when the last page is closed. */
  private synchronized void pause(Duration duration) throws InterruptedException {
    long end = System.nanoTime() + duration.toNanos();
    for (long left = duration.toNanos();
        left > 0 && watches > 0 && !closed;
        left = end - System.nanoTime()) {
      wait(left / 1_000_000, (int) (left % 1_000_000));
    }
  }

  private synchronized void publish(String json) {
    away = null;
    past.add(new Sample(++number, "sample", json));
    characters += json.length();
    while (past.size() > MOST_SAMPLES || (characters > MOST_CHARACTERS && past.size() > 1)) {
      characters -= past.remove().json().length();
    }
    notifyAll();
  }

  private synchronized void publishAway(SQLException e) {
    String message = Objects.requireNonNullElse(QueueException.of(e).getMessage(), "");
    away =
        new Sample(
            ++number,
            "away",
            Json.write(JsonObject.of("error", Printable.sentence(message)).map()));
    notifyAll();
  }

  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
  }
}
