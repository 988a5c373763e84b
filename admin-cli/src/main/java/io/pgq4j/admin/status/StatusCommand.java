package io.pgq4j.admin.status;

import io.pgq4j.QueueAdmin;
import io.pgq4j.admin.internal.AdminCommand;
import io.pgq4j.admin.internal.Ages;
import io.pgq4j.admin.internal.Interruption;
import io.pgq4j.admin.internal.NotFound;
import io.pgq4j.admin.internal.Screen;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "status",
    description = {
      "Shows queues and their consumers.",
      "Rotation: tables/period. Ticker: max count/max lag/idle period. TLag: age of the last tick."
          + " EPS: events per second. New: events since the last tick. Lag: age of the last tick"
          + " that a consumer finished. LastSeen: since it was heard of. Pending: events it has"
          + " still to get. Runs, where programs tell: host and process, and how they fare; gone:"
          + " its session is not there any more.",
      "With --watch it shows again and again, until ^C, how many events per second come and are"
          + " finished, and how that went lately, how far consumers lag, and what stops ticks or"
          + " rotation.",
      "JSON: {\"queues\": [{\"queue\": …, \"consumers\": [{\"consumer\": …}]}]}, with --watch one"
          + " line each time: {\"queues\": [{\"queue\": …, \"events_per_second\": number|null,"
          + " \"trouble\": …|null, \"consumers\": [{…}]}]}"
    },
    footer = {"  pgq-admin status jobs", "  pgq-admin status --watch --every 1s"})
public final class StatusCommand extends AdminCommand {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "QUEUE",
      description = "Only this queue. Default: all.")
  private @Nullable String queue;

  @Option(names = "--watch", description = "Go on, and show how it changes.")
  private boolean watch;

  @Option(
      names = "--every",
      paramLabel = "TIME",
      converter = Ages.class,
      description = "With --watch: how often. Default: 2s.")
  private Duration every = Duration.ofSeconds(2);

  @Option(
      names = {"-n", "--count"},
      paramLabel = "N",
      description = "With --watch: end after so many times.")
  private long count = Long.MAX_VALUE;

  @Override
  protected void run() {
    if (watch) {
      follow();
    } else {
      show();
    }
  }

  private void follow() {
    LiveStatus status = new LiveStatus();
    try (Interruption interruption = Interruption.begin();
        Screen screen = screen()) {
      for (long shown = 0; shown < count && !interruption.isAsked(); shown++) {
        if (shown > 0 && interruption.await(every)) {
          break;
        }
        status.add(
            onConnection(
                connection -> {
                  NotFound.unlessQueue(connection, queue);
                  return Sample.take(connection, queue);
                }));
        screen.show(status.json(), () -> status.lines(terminal()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void show() {
    String name = queue;
    StatusReport report =
        onConnection(
            connection -> {
              QueueAdmin admin = QueueAdmin.on(connection);
              return name == null
                  ? StatusReport.of(admin)
                  : StatusReport.of(admin, name)
                      .orElseThrow(() -> NotFound.queue(connection, name));
            });
    print(report.json(), out -> report.print(out, terminal()));
    if (report.queues().isEmpty()) {
      say("There are no queues yet; 'pgq-admin create-queue NAME' makes one.");
    }
  }
}
