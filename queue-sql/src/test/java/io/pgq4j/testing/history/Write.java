package io.pgq4j.testing.history;

/** How a statement writes events. */
public enum Write {
  /** pgq.insert_event. */
  EVENT,
  /** pgq.insert_events. */
  EVENTS,
  /** COPY into the current event table. */
  COPY_EVENTS,
  /** In a PL/pgSQL block, after one that failed. */
  BLOCK,
  /** More than 64 subtransactions. */
  BLOCKS,
  /** One event before ROLLBACK TO SAVEPOINT, one after. */
  ROLLED_BACK,
  /** Between SAVEPOINT and RELEASE. */
  SAVED,
  /** INSERT … SELECT of several rows into a watched table. */
  INSERT_ROWS,
  /** COPY into a watched table. */
  COPY_ROWS,
  /** UPDATE of rows that others change too. */
  UPDATE_ROWS,
  /** DELETE and INSERT of such a row. */
  REPLACE_ROW,
  /** DELETE of short-lived rows. */
  DELETE_ROWS,
  /** UPDATE that shifts keys by one: each is deleted and inserted. */
  SHIFT_KEYS;

  /** Whether it locks rows that others want. */
  boolean isContested() {
    return this == UPDATE_ROWS || this == REPLACE_ROW;
  }
}
