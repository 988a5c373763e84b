package io.pgq4j.examples;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Where an example is shown: its database, its screen, and how long it may take. Thread-safe. */
public final class Stage {
  /** Counted down on ^C and SIGTERM. */
  static final CountDownLatch STOP = new CountDownLatch(1);

  private static final Duration FOR_EVER = Duration.ofDays(10_000);

  private final ExampleDatabase database;
  private final @Nullable Duration time;
  private final Screen screen = Screen.onStdout();
  private final long end;

  Stage(ExampleDatabase database, @Nullable Duration time) {
    this.database = database;
    this.time = time;
    end = System.nanoTime() + (time == null ? FOR_EVER : time).toNanos();
  }

  /** Of {@link #database}. */
  public DataSource dataSource() {
    return database.dataSource();
  }

  /** The user's, or one that was started for the example; no schema is installed in it. */
  public ExampleDatabase database() {
    return database;
  }

  /** What the user sees. */
  public Screen screen() {
    return screen;
  }

  /** What {@code --for} says; null: until everything has been shown. */
  public @Nullable Duration time() {
    return time;
  }

  /** Waits so long; returns true, at once, when the user has seen enough (^C). */
  public boolean stopped(Duration pause) throws InterruptedException {
    return STOP.await(pause.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** As {@link #stopped}, but also true when the time of {@code --for} is over. */
  public boolean over(Duration pause) throws InterruptedException {
    long left = end - System.nanoTime();
    if (pause.toNanos() < left) {
      return stopped(pause);
    }
    stopped(Duration.ofNanos(left));
    return true;
  }
}
