package io.pgq4j.admin.internal;

import java.io.PrintWriter;
import java.time.Duration;

/** How far a long command is, in one line of a terminal; elsewhere it prints nothing. */
public final class Progress implements AutoCloseable {
  private static final long PAUSE = Duration.ofMillis(200).toNanos();

  private final PrintWriter err;
  private final boolean visible;
  private final String what;
  private final long begun = System.nanoTime();
  private long shown = begun;
  private boolean dirty;

  Progress(PrintWriter err, boolean visible, String what) {
    this.err = err;
    this.visible = visible;
    this.what = what;
  }

  /** Shows how many are done, not more than a few times a second. */
  public void show(long done) {
    long now = System.nanoTime();
    if (visible && now - shown > PAUSE) {
      shown = now;
      dirty = true;
      long rate = (long) (done / ((now - begun) / 1e9));
      err.printf("\r%,d %s, %,d/s ", done, what, rate);
      err.flush();
    }
  }

  /** Wipes the line. */
  @Override
  public void close() {
    if (dirty) {
      dirty = false;
      err.print("\r\u001b[K");
      err.flush();
    }
  }
}
