package io.pgq4j.admin.status;

import io.pgq4j.QueueAdmin;
import io.pgq4j.admin.internal.AdminCommand;
import io.pgq4j.admin.internal.NotFound;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "status",
    description = {
      "Shows queues and their consumers.",
      "Rotation: tables/period. Ticker: max count/max lag/idle period. TLag: age of the last tick."
          + " EPS: events per second. New: events since the last tick. Lag: age of the last tick"
          + " that a consumer finished. LastSeen: since it was heard of. Pending: events it has"
          + " still to get. Runs, where programs tell: host and process, and how they fare; gone: its"
          + " session is not there any more.",
      "JSON: {\"queues\": [{\"queue\": …, \"consumers\": [{\"consumer\": …}]}]}"
    },
    footer = "  pgq-admin status jobs")
public final class StatusCommand extends AdminCommand {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "QUEUE",
      description = "Only this queue. Default: all.")
  private @Nullable String queue;

  @Override
  protected void run() {
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
