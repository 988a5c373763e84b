package io.pgq4j.testing.history;

/** What a short transaction looks like. */
public enum Shape {
  AUTOCOMMIT(""),
  READ_COMMITTED("begin isolation level read committed"),
  REPEATABLE_READ("begin isolation level repeatable read"),
  SERIALIZABLE("begin isolation level serializable"),
  /** Its commit does not wait for the disk. */
  ASYNCHRONOUS("begin isolation level read committed"),
  /** Prepared; another session commits it or rolls it back. */
  PREPARED("begin isolation level read committed");

  final String begin;

  Shape(String begin) {
    this.begin = begin;
  }
}
