package io.pgq4j.admin.event;

import io.pgq4j.EventWriter;
import io.pgq4j.NewEvent;
import io.pgq4j.admin.internal.AdminCommand;
import io.pgq4j.admin.internal.Ages;
import io.pgq4j.admin.internal.JsonObject;
import io.pgq4j.admin.internal.Moment;
import io.pgq4j.admin.internal.Progress;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "insert",
    description = {
      "Inserts one event and prints its id; or with --stdin one for each line of stdin, all of them"
          + " or none, and prints how many.",
      "With TYPE, a line of stdin is the data of an event. Without, it is a JSON object with type,"
          + " data, extra1, extra2, extra3 and extra4, as tail -o json prints them: data that is a"
          + " text is taken as it is, other data as JSON.",
      "JSON: {\"queue\": …, \"event_id\": number} or {\"queue\": …, \"events\": number}"
    },
    footer = {
      "  pgq-admin insert jobs job.created '{\"id\": 1}'",
      "  pgq-admin insert jobs job.created '{\"id\": 1}' --once job-1",
      "  pgq-admin insert jobs job.created --stdin"
    })
public final class InsertCommand extends AdminCommand {
  private static final int PIECE = 1_000;

  @Parameters(index = "0", paramLabel = "QUEUE", description = "The queue.")
  private String queue = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "TYPE",
      description = "The event's type, ev_type.")
  private @Nullable String type;

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "DATA",
      description = "The event's data, ev_data: any text, most often JSON.")
  private @Nullable String data;

  @Option(names = "--stdin", description = "Read events from stdin.")
  private boolean stdin;

  @Option(
      names = "--at",
      paramLabel = "WHEN",
      converter = Moment.Converter.class,
      description = "Consumers get it then, and not before: " + Moment.HELP + "from now.")
  private @Nullable Moment at;

  @Option(
      names = "--once",
      paramLabel = "KEY",
      description =
          "Insert nothing if an event was inserted under this key, and print that one's id. From"
              + " stdin, each line has its number added to the key: KEY:1, KEY:2 …")
  private @Nullable String once;

  @Option(
      names = "--remember",
      paramLabel = "TIME",
      converter = Ages.class,
      description = "How long the key is remembered. Default: 7d.")
  private Duration remember = Duration.ofDays(7);

  @Override
  protected void run() {
    if (at != null && once != null) {
      throw usage("--at and --once do not go together.");
    }
    if (stdin) {
      if (data != null) {
        throw usage("With --stdin, DATA comes from there.");
      }
      insertLines();
      return;
    }
    if (type == null || data == null) {
      throw usage("pgq-admin insert needs QUEUE and TYPE and DATA, or --stdin.");
    }
    NewEvent event = NewEvent.of(type, data);
    long id = onConnection(connection -> insert(connection, event, once, timeOf(connection)));
    print(JsonObject.of("queue", queue).with("event_id", id), out -> out.println(id));
  }

  private @Nullable Instant timeOf(Connection connection) {
    return at == null ? null : at.fromNow(connection);
  }

  private long insert(
      Connection connection, NewEvent event, @Nullable String key, @Nullable Instant time) {
    EventWriter writer = EventWriter.to(queue);
    if (key != null) {
      return writer.insertOnce(connection, key, event, remember);
    }
    return time != null
        ? writer.insertAt(connection, event, time)
        : writer.insert(connection, event);
  }

  private void insertLines() {
    long events;
    try (Progress progress = progress("events")) {
      events =
          onConnection(
              connection -> {
                EventLines lines = new EventLines(terminal().in(), type);
                return at == null && once == null
                    ? insertMany(connection, lines, progress)
                    : insertEach(connection, lines, progress);
              });
    }
    print(JsonObject.of("queue", queue).with("events", events), out -> out.println(events));
  }

  /** In pieces, so that the ids of all events need not be kept. */
  private long insertMany(Connection connection, EventLines lines, Progress progress) {
    EventWriter writer = EventWriter.to(queue);
    long events = 0;
    for (List<NewEvent> piece = lines.read(PIECE); !piece.isEmpty(); piece = lines.read(PIECE)) {
      events += writer.insertAll(connection, piece).length;
      progress.show(events);
    }
    return events;
  }

  private long insertEach(Connection connection, EventLines lines, Progress progress) {
    Instant time = timeOf(connection);
    long events = 0;
    for (List<NewEvent> one = lines.read(1); !one.isEmpty(); one = lines.read(1)) {
      String key = once == null ? null : once + ":" + lines.number();
      insert(connection, one.get(0), key, time);
      progress.show(++events);
    }
    return events;
  }
}
