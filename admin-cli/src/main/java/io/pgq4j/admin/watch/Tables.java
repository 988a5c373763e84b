package io.pgq4j.admin.watch;

import io.pgq4j.NoSuchTableException;
import io.pgq4j.QueueException;
import io.pgq4j.admin.internal.CommandFailure;
import io.pgq4j.admin.internal.ExitCode;
import io.pgq4j.admin.internal.Failures;
import io.pgq4j.admin.internal.NotFound;
import io.pgq4j.admin.internal.Printable;
import java.sql.Connection;
import java.util.Optional;
import java.util.Set;

/** What can be wrong with the name of a table. */
final class Tables {
  /** Syntax error, invalid name, a name in another database. */
  private static final Set<String> NO_NAME = Set.of("42601", "42602", "0A000");

  private Tables() {}

  static Optional<RuntimeException> explain(QueueException e, Connection connection, String table) {
    if (e instanceof NoSuchTableException) {
      return Optional.of(NotFound.table(connection, table, e));
    }
    String state = Failures.sqlState(e);
    if (state == null || !NO_NAME.contains(state)) {
      return Optional.empty();
    }
    return Optional.of(
        new CommandFailure(
            ExitCode.USAGE,
            Printable.quoted(table)
                + " is no name of a table: write table or schema.table as in SQL.",
            e));
  }
}
