package io.pgq4j.admin.internal;

import io.pgq4j.ConsumerInfo;
import io.pgq4j.QueueAdmin;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says that something does not exist, which name was perhaps meant, and where the names are. */
public final class NotFound {
  private static final String QUEUES = "select queue_name from pgq.get_queue_info() order by 1";
  private static final String CONSUMERS =
      "select consumer_name from pgq.get_consumer_info(?) order by 1";

  /** Each table by the names that find it: with its schema, and without if that is searched. */
  private static final String TABLES =
      """
      select name
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        cross join lateral (values
          (pg_catalog.format('%I.%I', n.nspname, c.relname), true),
          (pg_catalog.format('%I', c.relname), pg_catalog.pg_table_is_visible(c.oid))) as v (name, finds)
       where c.relkind in ('r', 'p') and finds
         and n.nspname not in ('pgq', 'pg_catalog', 'information_schema', 'pg_toast')
       order by name
       limit 10000
      """;

  private NotFound() {}

  /** Refuses the name of a queue that does not exist; null is none. */
  public static void unlessQueue(Connection connection, @Nullable String queue) {
    if (queue != null && !names(connection, null, QUEUES).contains(queue)) {
      throw queue(connection, queue);
    }
  }

  /** Refuses the name of a consumer that is not registered; null is none. */
  public static void unlessConsumer(
      Connection connection, @Nullable String queue, @Nullable String consumer) {
    if (queue != null && consumer != null) {
      orConsumer(connection, queue, consumer);
    }
  }

  /** The consumer, or the failure that says that there is none. */
  public static ConsumerInfo orConsumer(Connection connection, String queue, String consumer) {
    return QueueAdmin.on(connection).consumers(queue).stream()
        .filter(info -> info.name().equals(consumer))
        .findFirst()
        .orElseThrow(() -> consumer(connection, queue, consumer));
  }

  public static CommandFailure queue(Connection connection, String queue) {
    return queue(connection, queue, null);
  }

  public static CommandFailure consumer(Connection connection, String queue, String consumer) {
    return consumer(connection, queue, consumer, null);
  }

  static CommandFailure queue(Connection connection, String queue, @Nullable Throwable cause) {
    return failure(
        "There is no queue "
            + Printable.quoted(queue)
            + suggestion(queue, names(connection, cause, QUEUES))
            + " 'pgq-admin status' lists the queues, 'pgq-admin create-queue' makes one.",
        cause);
  }

  /** Also when it is the queue that does not exist. */
  static CommandFailure consumer(
      Connection connection, String queue, String consumer, @Nullable Throwable cause) {
    if (!names(connection, cause, QUEUES).contains(queue)) {
      return queue(connection, queue, cause);
    }
    return failure(
        "Queue "
            + Printable.quoted(queue)
            + " has no consumer "
            + Printable.quoted(consumer)
            + suggestion(consumer, names(connection, cause, CONSUMERS, queue))
            + " 'pgq-admin status QUEUE' lists its consumers, 'pgq-admin register' adds one.",
        cause);
  }

  public static CommandFailure table(
      Connection connection, String table, @Nullable Throwable cause) {
    return failure(
        "There is no table "
            + Printable.quoted(table)
            + suggestion(table.replace("\"", ""), names(connection, cause, TABLES))
            + " Write it as in SQL: with its schema, and in double quotes where SQL needs them.",
        cause);
  }

  private static CommandFailure failure(String sentence, @Nullable Throwable cause) {
    return new CommandFailure(ExitCode.NOT_FOUND, sentence, cause);
  }

  private static String suggestion(String given, List<String> names) {
    return UsageErrors.suggestion(Nearest.to(given, names));
  }

  private static List<String> names(
      Connection connection, @Nullable Throwable cause, String sql, String... parameters) {
    List<String> names = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setString(i + 1, parameters[i]);
      }
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          names.add(rows.getString(1));
        }
      }
    } catch (SQLException e) {
      if (cause != null) {
        cause.addSuppressed(e); // the first error is the one to tell of
      }
    }
    return names;
  }
}
