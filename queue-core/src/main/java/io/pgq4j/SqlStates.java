package io.pgq4j;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** From SQLSTATE to exception. No text is parsed; texts only become part of the message. */
final class SqlStates {
  private SqlStates() {}

  static QueueException exception(SQLException cause, Where where) {
    String state = state(cause);
    String message = message(cause);
    return switch (state) {
      case "PQ001" -> new NoSuchQueueException(message, cause, where);
      case "PQ002" -> new NoSuchConsumerException(message, cause, where);
      case "PQ003" -> new NoSuchBatchException(message, cause, where);
      case "PQ004" -> new TickerPausedException(message, cause, where);
      case "PQ005" -> new InsertDisabledException(message, cause, where);
      case "PQ006" -> new StateBehindException(message, cause, where);
      case "PQ007" -> new IsolationLevelException(message, cause, where);
      case "PQ008", "22021" -> new BadArgumentException(message, cause, where);
      case "3F000", "42883", "42P01" ->
          new SchemaMissingException(
              message + " Install or upgrade the schema: pgq-admin install.", cause, where);
      case "42501" ->
          new QueueException(
              hasHint(cause)
                  ? message
                  : message + " Grant pgq_reader, pgq_writer or pgq_admin to the user.",
              cause,
              where);
      default ->
          isConnection(state, cause)
              ? new QueueConnectionException(message + " " + connectionHint(state), cause, where)
              : new QueueException(message, cause, where);
    };
  }

  /** Whether a connection could not be made, or is of no more use. */
  static boolean isConnection(SQLException e) {
    return isConnection(state(e), e);
  }

  private static boolean isConnection(String state, SQLException e) {
    return state.startsWith("08")
        || state.startsWith("57P0")
        || state.startsWith("28")
        || state.equals("53300")
        || state.equals("3D000")
        || e instanceof SQLTransientConnectionException
        || e instanceof SQLNonTransientConnectionException
        || e instanceof SQLRecoverableException;
  }

  /** Pools wrap what the driver said: the first SQLSTATE down the chain counts. */
  private static String state(SQLException e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof SQLException sql && sql.getSQLState() != null) {
        return sql.getSQLState();
      }
    }
    return "";
  }

  private static String message(SQLException e) {
    ServerErrorMessage server = serverMessage(e);
    if (server == null || server.getMessage() == null) {
      return sentence(String.valueOf(e.getMessage()));
    }
    StringBuilder message = new StringBuilder(sentence(server.getMessage()));
    if (server.getDetail() != null) {
      message.append(' ').append(sentence(server.getDetail()));
    }
    if (server.getHint() != null) {
      message.append(' ').append(sentence(server.getHint()));
    }
    return message.toString();
  }

  private static boolean hasHint(SQLException e) {
    ServerErrorMessage server = serverMessage(e);
    return server != null && server.getHint() != null;
  }

  private static @Nullable ServerErrorMessage serverMessage(SQLException e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof PSQLException psql && psql.getServerErrorMessage() != null) {
        return psql.getServerErrorMessage();
      }
    }
    return null;
  }

  private static String sentence(String text) {
    return text.endsWith(".") ? text : text + ".";
  }

  private static String connectionHint(String state) {
    if (state.startsWith("28")) {
      return "Check user, password and pg_hba.conf.";
    }
    return switch (state) {
      case "53300" -> "Raise max_connections or use fewer connections.";
      case "3D000" -> "Create the database or name another.";
      default -> "Check host and port, and that the server runs.";
    };
  }
}
