package io.pgq4j.testing.history;

/** A tick of the queue. */
public record Tick(long id, Snapshot snapshot) {

  @Override
  public String toString() {
    return "tick " + id;
  }
}
