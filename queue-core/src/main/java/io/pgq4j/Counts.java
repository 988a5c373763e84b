package io.pgq4j;

import java.util.concurrent.atomic.LongAdder;

/** What a consumer has done since it was started. Thread-safe. */
final class Counts {
  /** Finished. */
  final LongAdder batches = new LongAdder();

  /** Read from batches; those of a repeated one each time. */
  final LongAdder events = new LongAdder();

  /** Events at which it failed. */
  final LongAdder failures = new LongAdder();
}
