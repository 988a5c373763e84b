package io.pgq4j.admin.queue;

import io.pgq4j.QueueAdmin;
import io.pgq4j.QueueException;
import io.pgq4j.QueueRight;
import io.pgq4j.admin.internal.AdminCommand;
import io.pgq4j.admin.internal.CommandFailure;
import io.pgq4j.admin.internal.ExitCode;
import io.pgq4j.admin.internal.Failures;
import io.pgq4j.admin.internal.JsonObject;
import io.pgq4j.admin.internal.Printable;
import java.sql.Connection;
import java.util.Locale;
import picocli.CommandLine.Parameters;

/** Gives or takes a right. */
abstract class RightCommand extends AdminCommand {
  private static final String NO_SUCH_ROLE = "42704";

  @Parameters(index = "0", paramLabel = "QUEUE", description = "The queue.")
  private String queue = "";

  @Parameters(index = "1", paramLabel = "ROLE", description = "The role, as it is, not quoted.")
  private String role = "";

  @Parameters(index = "2", paramLabel = "RIGHT", description = "produce or consume.")
  private QueueRight right = QueueRight.CONSUME;

  abstract void change(QueueAdmin admin, String queue, String role, QueueRight right);

  /** Whether the role has the right afterwards. */
  abstract boolean granted();

  @Override
  protected final void run() {
    inTransaction(
        admin -> {
          change(admin, queue, role, right);
          return true;
        });
    String name = right.name().toLowerCase(Locale.ROOT);
    say(
        "Role "
            + Printable.quoted(role)
            + (granted() ? " may now " : " has no right of its own any more to ")
            + name
            + " on queue "
            + Printable.quoted(queue)
            + ".");
    print(
        JsonObject.of("queue", queue)
            .with("role", role)
            .with("right", name)
            .with("granted", granted()));
  }

  @Override
  protected RuntimeException explain(QueueException e, Connection connection) {
    return NO_SUCH_ROLE.equals(Failures.sqlState(e))
        ? new CommandFailure(
            ExitCode.NOT_FOUND,
            "There is no role " + Printable.quoted(role) + ": create role … makes one.",
            e)
        : super.explain(e, connection);
  }
}
