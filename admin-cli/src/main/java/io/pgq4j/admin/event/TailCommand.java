package io.pgq4j.admin.event;

import io.pgq4j.BadArgumentException;
import io.pgq4j.QueueException;
import io.pgq4j.admin.internal.AdminCommand;
import io.pgq4j.admin.internal.CommandFailure;
import io.pgq4j.admin.internal.EventFilter;
import io.pgq4j.admin.internal.ExitCode;
import io.pgq4j.admin.internal.Interruption;
import io.pgq4j.admin.internal.JsonObject;
import io.pgq4j.admin.internal.Position;
import io.pgq4j.admin.internal.PrettyJson;
import io.pgq4j.admin.internal.Printable;
import io.pgq4j.admin.internal.Tick;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "tail",
    description = {
      "Prints the events of a queue as they come, until ^C; no consumer notices.",
      "Each event comes once, in the order in which consumers get them, as soon as it is ticked; a"
          + " queue without consumers is ticked once in its idle period only. Retries are left out."
          + " Nothing is kept for tail: if it is slower than rotation, it ends with exit code 6.",
      "JSON: {\"event_id\": number, \"event_time\": …, \"tick_id\": number, \"type\": …, \"data\":"
          + " …, …}, one line for each event"
    },
    footer = {
      "  pgq-admin tail jobs --from 30m --type INSERT,UPDATE --pretty",
      "  pgq-admin tail jobs --from oldest --no-follow -o json"
    })
public final class TailCommand extends AdminCommand {
  @Parameters(index = "0", paramLabel = "QUEUE", description = "The queue.")
  private String queue = "";

  @Option(
      names = "--from",
      paramLabel = "WHERE",
      converter = Position.Converter.class,
      description = "Begin after this: " + Position.HELP + " Default: latest.")
  private Position from = Position.latest();

  @Mixin private EventFilter filter = new EventFilter();

  @Option(
      names = {"-n", "--count"},
      paramLabel = "N",
      description = "End after so many events.")
  private long count = Long.MAX_VALUE;

  @Option(names = "--no-follow", description = "End at the last tick there is.")
  private boolean noFollow;

  @Option(names = "--pretty", description = "Lay data that is JSON out over several lines.")
  private boolean pretty;

  @Override
  protected void run() {
    Consumer<JsonObject> lines = lines(this::line);
    onConnection(
        connection -> {
          try {
            return follow(connection, event -> lines.accept(event.json()));
          } catch (SQLException e) {
            throw QueueException.of(e);
          }
        });
  }

  private long follow(Connection connection, Consumer<PastEvent> to) throws SQLException {
    try (Interruption interruption = Interruption.begin()) {
      Tail.listen(connection);
      Tick start = from.resolve(connection, queue);
      connection.commit();
      Tail tail = new Tail(connection, queue, filter, start, interruption);
      long seen = tail.read(to, count);
      while (!noFollow && !interruption.isAsked() && seen < count) {
        out().flush();
        tail.await();
        seen += tail.read(to, count - seen);
      }
      return seen;
    }
  }

  /** The arguments are good, or it would not have begun. */
  @Override
  protected RuntimeException explain(QueueException e, Connection connection) {
    return e instanceof BadArgumentException
        ? new CommandFailure(ExitCode.CHECK_FAILED, Objects.requireNonNull(e.getMessage()), e)
        : super.explain(e, connection);
  }

  private String line(JsonObject event) {
    String line =
        event.map().get("event_id")
            + "  "
            + event.map().get("event_time")
            + "  "
            + shown(event, "type")
            + (event.map().get("extra1") == null ? "" : "  " + shown(event, "extra1"));
    String data = (String) event.map().get("data");
    if (pretty && data != null) {
      String laidOut = PrettyJson.of(data).orElse(null);
      if (laidOut != null) {
        return line + "\n" + laidOut.indent(2).stripTrailing();
      }
    }
    return line + "  " + shown(event, "data");
  }

  private static String shown(JsonObject event, String field) {
    Object text = event.map().get(field);
    return text == null ? "-" : Printable.name(text.toString());
  }
}
