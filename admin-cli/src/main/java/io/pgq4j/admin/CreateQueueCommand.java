package io.pgq4j.admin;

import io.pgq4j.admin.internal.AdminCommand;
import io.pgq4j.admin.internal.JsonObject;
import io.pgq4j.admin.internal.Printable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "create-queue",
    description = {
      "Creates a queue, with its settings or not at all.",
      "A queue that exists is no error; the settings given here are then changed.",
      "Settings: ticker_max_count, ticker_max_lag, ticker_idle_period, ticker_paused,"
          + " rotation_period, external_ticker, disable_insert.",
      "JSON: {\"queue\": …, \"created\": true|false}"
    },
    footer = "  pgq-admin create-queue jobs ticker_max_count=1000 rotation_period='1 hour'")
final class CreateQueueCommand extends AdminCommand {
  @Parameters(index = "0", paramLabel = "NAME", description = "The new queue.")
  private String name = "";

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "key=value",
      description = "Settings of the queue.")
  private List<String> settings = List.of();

  @Override
  protected void run() {
    Map<String, String> parsed = parsed();
    boolean created = inTransaction(admin -> admin.createQueue(name, parsed));
    String queue = Printable.quoted(name);
    say(
        created
            ? "Queue " + queue + " created."
            : "Queue "
                + queue
                + " exists already"
                + (settings.isEmpty() ? "." : "; settings changed."));
    print(JsonObject.of("queue", name).with("created", created));
  }

  private Map<String, String> parsed() {
    Map<String, String> result = new LinkedHashMap<>();
    for (String setting : settings) {
      int equals = setting.indexOf('=');
      if (equals < 1) {
        throw usage("A setting is written key=value, not " + Printable.quoted(setting) + ".");
      }
      String key = setting.substring(0, equals);
      if (result.put(key, setting.substring(equals + 1)) != null) {
        throw usage("The setting " + Printable.quoted(key) + " is given twice.");
      }
    }
    return result;
  }
}
