package io.pgq4j;

import org.jspecify.annotations.Nullable;

/** What an exception is about. */
record Where(@Nullable String queue, @Nullable String consumer, @Nullable Long batchId) {
  static final Where UNKNOWN = new Where(null, null, null);

  static Where queue(String queue) {
    return new Where(queue, null, null);
  }

  static Where consumer(String queue, String consumer) {
    return new Where(queue, consumer, null);
  }
}
