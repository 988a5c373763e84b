package io.pgq4j.examples.notify;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;

/** Two methods: send and receive. */
interface Channel {
  /** Told of what was sent, and when. */
  @FunctionalInterface
  interface Callback {
    void received(Instant sent, String data) throws Exception;
  }

  /** Sends when the caller's transaction commits. */
  void send(Connection connection, String data) throws SQLException;

  /** Calls back, on a thread of its own, until it is closed. */
  AutoCloseable receive(Callback callback) throws SQLException;
}
