package io.pgq4j.admin.queue;

import io.pgq4j.admin.internal.AdminCommand;
import io.pgq4j.admin.internal.JsonObject;
import io.pgq4j.admin.internal.NotFound;
import io.pgq4j.admin.internal.Printable;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "set",
    description = {
      "Changes settings of a queue, all of them or none.",
      "Settings: ticker_max_count, ticker_max_lag, ticker_idle_period, ticker_paused,"
          + " external_ticker, rotation_period, ntables, disable_insert, per_tx_limit, max_retries,"
          + " retry_delay, retry_delay_max. An empty value of per_tx_limit means: no limit.",
      "JSON: {\"queue\": …, \"settings\": {…}}"
    },
    footer = "  pgq-admin config set jobs max_retries=3 retry_delay='10 seconds'")
final class ConfigSetCommand extends AdminCommand {
  @Parameters(index = "0", paramLabel = "QUEUE", description = "The queue.")
  private String queue = "";

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "key=value",
      description = "The settings.")
  private List<String> settings = List.of();

  @Override
  protected void run() {
    Map<String, String> parsed = QueueSettings.parse(settings);
    onConnection(
        connection -> {
          NotFound.unlessQueue(connection, queue);
          QueueSettings.apply(connection, queue, parsed);
          return true;
        });
    say("Settings of queue " + Printable.quoted(queue) + " changed.");
    print(JsonObject.of("queue", queue).with("settings", parsed));
  }
}
