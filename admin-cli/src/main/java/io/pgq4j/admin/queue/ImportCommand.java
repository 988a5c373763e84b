package io.pgq4j.admin.queue;

import io.pgq4j.admin.internal.AdminCommand;
import io.pgq4j.admin.internal.CommandFailure;
import io.pgq4j.admin.internal.ExitCode;
import io.pgq4j.admin.internal.Json;
import io.pgq4j.admin.internal.Printable;
import io.pgq4j.admin.internal.Rows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "import",
    description = {
      "Makes queues as export printed them, all of them or none. What is there already is brought"
          + " to that; nothing is removed.",
      "Consumers are registered from now on. Watched tables and roles have to exist.",
      "JSON: {\"imported\": [{\"queue\": …, \"created\": true|false, \"consumers\": number,"
          + " \"watches\": number, \"grants\": number}]}"
    },
    footer = "  pgq-admin import jobs.json --dry-run")
public final class ImportCommand extends AdminCommand {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "FILE",
      description = "What export printed. Default: stdin.")
  private @Nullable Path file;

  @Option(names = "--dry-run", description = "Do it, say what was done, and take it back.")
  private boolean dryRun;

  @Override
  protected void run() {
    List<QueueConfiguration> queues = parse(read());
    list(connection -> write(connection, queues));
    if (dryRun) {
      say("A dry run: nothing was changed.");
    }
  }

  private String read() {
    try {
      return file == null
          ? terminal().in().lines().collect(Collectors.joining("\n"))
          : Files.readString(file);
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.USAGE, "Cannot read " + Printable.quoted(String.valueOf(file)) + ".", e);
    } catch (UncheckedIOException e) {
      throw new CommandFailure(ExitCode.USAGE, "Cannot read stdin.", e);
    }
  }

  private static List<QueueConfiguration> parse(String text) {
    if (Json.parse(text) instanceof Map<?, ?> root && root.get("queues") instanceof List<?> list) {
      return list.stream().map(QueueConfiguration::of).toList();
    }
    throw usage("This is nothing that 'pgq-admin export' printed: it has no list \"queues\".");
  }

  private Rows write(Connection connection, List<QueueConfiguration> queues) {
    Rows rows = Rows.of("imported", "queue", "created", "consumers", "watches", "grants");
    for (QueueConfiguration each : queues) {
      rows.add(
          each.queue(),
          each.write(connection),
          each.consumers().size(),
          each.watches().size(),
          each.grants().size());
    }
    if (dryRun) {
      rollback(connection);
    }
    return rows;
  }

  private void rollback(Connection connection) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      throw translated(e);
    }
  }
}
