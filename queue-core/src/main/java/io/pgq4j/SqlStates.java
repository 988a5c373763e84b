package io.pgq4j;

import java.sql.SQLException;

/** From SQLSTATE to exception. */
@SuppressWarnings("DoNotCallSuggester")
final class SqlStates {
  private SqlStates() {}

  static QueueException exception(SQLException cause, Where where) {
    throw new UnsupportedOperationException();
  }
}
