package io.pgq4j.admin.maintain;

import io.pgq4j.admin.internal.AdminCommand;
import io.pgq4j.admin.internal.JsonObject;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "tick",
    description = {
      "Ticks: makes the committed events of a queue a batch.",
      "With QUEUE it ticks even when nothing is due and prints the tick's id; without it ticks the"
          + " queues that are due and prints how many did.",
      "JSON: {\"queue\": …, \"tick_id\": number} or {\"queues_ticked\": number}"
    },
    footer = "  pgq-admin tick jobs")
public final class TickCommand extends AdminCommand {
  @Parameters(index = "0", arity = "0..1", paramLabel = "QUEUE", description = "The queue.")
  private @Nullable String queue;

  @Override
  protected void run() {
    if (queue == null) {
      long ticked = inTransaction(admin -> admin.tickAll());
      print(JsonObject.of("queues_ticked", ticked), out -> out.println(ticked));
      return;
    }
    String name = queue;
    OptionalLong tick = inTransaction(admin -> admin.tick(name));
    print(
        JsonObject.of("queue", name).with("tick_id", tick.isPresent() ? tick.getAsLong() : null),
        out -> tick.ifPresent(out::println));
  }
}
