package io.pgq4j.internal;

/**
 * How many rows to fetch at once so that they take about 1 MiB. The driver holds a whole fetch in
 * memory, so it starts small, and it never gets so large that a sudden change from small rows to
 * large ones would hurt: beyond a thousand rows the round trip no longer matters.
 */
public final class FetchSize {
  private static final int FIRST = 50;
  private static final int MAX = 1_000;
  private static final int GROWTH = 4;
  private static final long TARGET_BYTES = 1 << 20;

  private int rows = FIRST;

  /** Rows to ask for next. */
  public int rows() {
    return rows;
  }

  /** Learns from a fetch. */
  public void fetched(int count, long bytes) {
    if (count > 0) {
      long fitting = TARGET_BYTES * count / Math.max(1, bytes);
      rows = (int) Math.max(1, Math.min(fitting, Math.min(MAX, (long) rows * GROWTH)));
    }
  }
}
