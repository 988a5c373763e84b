package io.pgq4j.testing.history;

/** The rows of the watched tables: a few that all fight for, and many that are short-lived. */
final class Rows {

  /**
   * Rows 1 to this are changed by everyone; what is deleted of them comes back with its version.
   */
  static final int CONTESTED = 8;

  /** From this id on rows are new, and do not come back. */
  static final int FRESH = 1100;

  private Rows() {}

  /** Of a row as {@link Delivered.RowChange} names it. */
  static boolean comesBack(String row) {
    return Integer.parseInt(row.substring(row.lastIndexOf(' ') + 1)) < FRESH;
  }
}
