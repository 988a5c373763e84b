package io.pgq4j;

/** Which events of a batch a consumer processes at the same time. */
public enum Order {
  /** One after the other. */
  SEQUENTIAL,
  /**
   * Those of one {@link Consumer#key} one after the other, keys side by side. After a failure the
   * later events of its key wait until it is done or given up.
   */
  BY_KEY,
  /** Any. */
  NONE
}
