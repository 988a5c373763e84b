package io.pgq4j.daemon;

import javax.sql.DataSource;

/**
 * What a consumer that is a program starts before its first event, a server for instance. It ends
 * that when it is closed.
 */
public interface Startable {
  /**
   * Starts it.
   *
   * @param database where the consumer's queue is; nothing was asked of it yet
   * @throws IllegalArgumentException with a sentence for the user: it cannot be started with this
   *     configuration, and nothing was
   */
  void start(DataSource database);
}
