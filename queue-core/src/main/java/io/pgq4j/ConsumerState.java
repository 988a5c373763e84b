package io.pgq4j;

/** What a consumer in a {@link ConsumerRunner} is doing. */
public enum ConsumerState {
  /** Not started yet. */
  NEW,
  /** Connected, waiting for the next batch. */
  WAITING,
  /** A batch is in hand. */
  WORKING,
  /** Takes no batch until it is resumed, see {@link ConsumerRunner#pause}. */
  PAUSED,
  /** Something failed, see {@link ConsumerHealth#lastError()}; it is tried again after a pause. */
  BACKING_OFF,
  /**
   * A batch is in hand, and so many events failed in a row that none is tried for a while; see
   * {@link ConsumerConfig.Builder#circuitBreaker}.
   */
  CIRCUIT_OPEN,
  /** Stopped as asked. */
  STOPPED,
  /** Given up for good, see {@link ConsumerHealth#lastError()}. */
  FAILED
}
