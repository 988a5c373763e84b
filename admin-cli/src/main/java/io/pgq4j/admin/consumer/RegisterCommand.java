package io.pgq4j.admin.consumer;

import io.pgq4j.QueueAdmin;
import io.pgq4j.admin.internal.AdminCommand;
import io.pgq4j.admin.internal.JsonObject;
import io.pgq4j.admin.internal.NotFound;
import io.pgq4j.admin.internal.Position;
import io.pgq4j.admin.internal.Printable;
import java.sql.Connection;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "register",
    description = {
      "Registers a consumer with a queue; it gets every event inserted from now on.",
      "With --at it gets those that are kept from a place in the past on, too; with --copy-of those"
          + " that another consumer has not finished. One that is registered already keeps its position,"
          + " which is no error; 'pgq-admin seek' moves it.",
      "JSON: {\"queue\": …, \"consumer\": …, \"registered\": true|false}"
    },
    footer = "  pgq-admin register jobs mailer --at oldest")
public final class RegisterCommand extends AdminCommand {
  @Parameters(index = "0", paramLabel = "QUEUE", description = "The queue.")
  private String queue = "";

  @Parameters(index = "1", paramLabel = "CONSUMER", description = "The consumer.")
  private String consumer = "";

  @ArgGroup private @Nullable Start start;

  /** At most one of these. */
  private static final class Start {
    @Option(
        names = "--at",
        paramLabel = "WHERE",
        converter = Position.Converter.class,
        description = "Start at " + Position.HELP)
    private @Nullable Position at;

    @Option(
        names = "--copy-of",
        paramLabel = "CONSUMER",
        description = "Start where this one is. Its retries stay with it.")
    private @Nullable String copyOf;
  }

  @Override
  protected void run() {
    boolean registered = onConnection(this::register);
    String both = Printable.quoted(consumer) + " of queue " + Printable.quoted(queue);
    say(
        registered
            ? "Consumer " + both + " registered."
            : "Consumer " + both + " is registered already and keeps its position.");
    print(JsonObject.of("queue", queue).with("consumer", consumer).with("registered", registered));
  }

  private boolean register(Connection connection) {
    QueueAdmin admin = QueueAdmin.on(connection);
    if (start == null) {
      return admin.register(queue, consumer);
    }
    long tick = start.at != null ? start.at.resolve(connection, queue).id() : tickOf(connection);
    boolean registered = admin.register(queue, consumer);
    if (registered) {
      admin.seek(queue, consumer, tick);
    }
    return registered;
  }

  private long tickOf(Connection connection) {
    String other = Objects.requireNonNull(Objects.requireNonNull(start).copyOf);
    Long tick = NotFound.orConsumer(connection, queue, other).lastTick();
    if (tick == null) {
      throw usage("Consumer " + Printable.quoted(other) + " is a member and has no position.");
    }
    return tick;
  }
}
