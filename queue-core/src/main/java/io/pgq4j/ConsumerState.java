package io.pgq4j;

/** What a consumer in a {@link ConsumerRunner} is doing. */
public enum ConsumerState {
  /** Not started yet. */
  NEW,
  /** Connected, waiting for the next batch. */
  WAITING,
  /** A batch is in hand. */
  WORKING,
  /** Something failed, see {@link ConsumerHealth#lastError()}; it is tried again after a pause. */
  BACKING_OFF,
  /** Stopped as asked. */
  STOPPED,
  /** Given up for good, see {@link ConsumerHealth#lastError()}. */
  FAILED
}
