package io.pgq4j.admin.status;

import io.pgq4j.ConsumerInfo;
import io.pgq4j.ConsumerRun;
import io.pgq4j.QueueAdmin;
import io.pgq4j.QueueInfo;
import io.pgq4j.admin.internal.Durations;
import io.pgq4j.admin.internal.Json;
import io.pgq4j.admin.internal.JsonObject;
import io.pgq4j.admin.internal.Printable;
import io.pgq4j.admin.internal.Terminal;
import io.pgq4j.admin.internal.TextTable;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Queues and their consumers at one moment, in the form that PgQ's users know.
 *
 * <p>Columns: {@code Rotation} is tables/period, {@code Ticker} is max count/max lag/idle period
 * (or why the queue is not ticked), {@code TLag} the age of the last tick, {@code EPS} events per
 * second, {@code New} events since the last tick; {@code Lag} is how far a consumer's last finished
 * tick lies back, {@code LastSeen} the time since it was heard of (or that it is paused), {@code
 * Pending} the events it has still to get. A dash stands for what is not known. Names are escaped,
 * so that nothing in them acts on a terminal.
 *
 * <p>Where programs tell that they run consumers, a third table says where, in what state and for
 * how long; {@code gone}: its session is not there any more.
 *
 * @param queues by name
 * @param consumers of these queues, by queue and name
 * @param runs of these consumers, by queue and name
 */
public record StatusReport(
    List<QueueInfo> queues, List<ConsumerInfo> consumers, List<ConsumerRun> runs) {
  public StatusReport {
    queues = List.copyOf(queues);
    consumers = List.copyOf(consumers);
    runs = List.copyOf(runs);
  }

  /** All queues. */
  public static StatusReport of(QueueAdmin admin) {
    return new StatusReport(admin.queues(), admin.consumers(), admin.consumerRuns());
  }

  /** One queue; empty if there is no such queue. */
  public static Optional<StatusReport> of(QueueAdmin admin, String queue) {
    return admin
        .queue(queue)
        .map(
            info ->
                new StatusReport(List.of(info), admin.consumers(queue), admin.consumerRuns(queue)));
  }

  /** Prints the tables, 80 columns wide or as wide as a long name needs. */
  public void print(PrintWriter out) {
    print(out, Terminal.none());
  }

  /** Prints the tables so that they fit on the terminal. */
  void print(PrintWriter out, Terminal terminal) {
    TextTable table = new TextTable("Event queue", "Rotation", "Ticker", "TLag", "EPS", "New");
    for (QueueInfo queue : queues) {
      table.row(
          Printable.name(queue.name()),
          queue.tables() + "/" + Durations.exact(queue.rotationPeriod()),
          ticker(queue),
          Durations.approximate(queue.tickerLag()),
          rate(queue.eventsPerSecond()),
          number(queue.newEvents()));
    }
    table.print(out, terminal);
    out.println();
    consumerTable().print(out, terminal);
    if (!runs.isEmpty()) {
      out.println();
      runTable().print(out, terminal);
      runs.forEach(run -> printError(out, run));
    }
  }

  private TextTable runTable() {
    TextTable table = new TextTable("Runs", "Where", "Started", "State", "Since");
    for (QueueInfo queue : queues) {
      List<ConsumerRun> its = runs.stream().filter(r -> r.queue().equals(queue.name())).toList();
      if (!its.isEmpty()) {
        table.title(Printable.name(queue.name()) + ":");
      }
      for (ConsumerRun run : its) {
        table.row(
            Printable.name(run.consumer()),
            Printable.name(run.host()) + ":" + run.process(),
            Durations.approximate(run.running()),
            state(run),
            Durations.approximate(run.stateAge()));
      }
    }
    return table;
  }

  /** A session that is not there cannot tell that it ended. */
  private static String state(ConsumerRun run) {
    boolean ended = run.state().equals("stopped") || run.state().equals("failed");
    return run.connected() || ended ? run.state() : "gone";
  }

  private static void printError(PrintWriter out, ConsumerRun run) {
    String error = run.error();
    if (error != null) {
      out.println(
          Printable.name(run.queue())
              + "/"
              + Printable.name(run.consumer())
              + ", "
              + Durations.approximate(run.errorAge())
              + " ago: "
              + Printable.name(error.lines().findFirst().orElse("")));
    }
  }

  private TextTable consumerTable() {
    TextTable table = new TextTable("Consumer", "Lag", "LastSeen", "Pending");
    for (QueueInfo queue : queues) {
      List<ConsumerInfo> its = consumersOf(queue);
      if (!its.isEmpty()) {
        table.title(Printable.name(queue.name()) + ":");
      }
      for (ConsumerInfo consumer : its) {
        table.row(
            Printable.name(consumer.name()),
            Durations.approximate(consumer.lag()),
            lastSeen(consumer),
            number(consumer.pendingEvents()));
      }
    }
    return table;
  }

  private List<ConsumerInfo> consumersOf(QueueInfo queue) {
    return consumers.stream().filter(consumer -> consumer.queue().equals(queue.name())).toList();
  }

  private static String ticker(QueueInfo queue) {
    if (queue.externalTicker()) {
      return "external";
    }
    if (queue.tickerPaused()) {
      return "paused";
    }
    return queue.tickerMaxCount()
        + "/"
        + Durations.exact(queue.tickerMaxLag())
        + "/"
        + Durations.exact(queue.tickerIdlePeriod());
  }

  private static String lastSeen(ConsumerInfo consumer) {
    if (consumer.bootstrapTick() != null) {
      return "bootstrap";
    }
    return consumer.pausedAt() != null ? "paused" : Durations.approximate(consumer.lastSeen());
  }

  private static String rate(@Nullable Double perSecond) {
    return perSecond == null ? "-" : String.format(Locale.ROOT, "%.1f", perSecond);
  }

  private static String number(@Nullable Long value) {
    return value == null ? "-" : value.toString();
  }

  /** Prints the report as {@code pgq-admin status -o json} does. */
  public void printJson(PrintWriter out) {
    Json.print(out, json().map());
  }

  JsonObject json() {
    return JsonObject.of("queues", queues.stream().map(this::json).toList());
  }

  private Map<String, @Nullable Object> json(QueueInfo queue) {
    return JsonObject.of("queue", queue.name())
        .with("tables", queue.tables())
        .with("current_table", queue.currentTable())
        .with("rotation_period_seconds", queue.rotationPeriod())
        .with("switch_time", queue.switchTime())
        .with("external_ticker", queue.externalTicker())
        .with("ticker_paused", queue.tickerPaused())
        .with("ticker_max_count", queue.tickerMaxCount())
        .with("ticker_max_lag_seconds", queue.tickerMaxLag())
        .with("ticker_idle_period_seconds", queue.tickerIdlePeriod())
        .with("ticker_lag_seconds", queue.tickerLag())
        .with("events_per_second", queue.eventsPerSecond())
        .with("new_events", queue.newEvents())
        .with("last_tick", queue.lastTick())
        .with("consumers", consumersOf(queue).stream().map(this::json).toList())
        .map();
  }

  private Map<String, @Nullable Object> json(ConsumerInfo consumer) {
    return JsonObject.of("consumer", consumer.name())
        .with("lag_seconds", consumer.lag())
        .with("last_seen_seconds", consumer.lastSeen())
        .with("last_tick", consumer.lastTick())
        .with("current_batch", consumer.currentBatch())
        .with("next_tick", consumer.nextTick())
        .with("pending_events", consumer.pendingEvents())
        .with("paused_at", consumer.pausedAt())
        .with("bootstrap_tick", consumer.bootstrapTick())
        .with("run", run(consumer))
        .map();
  }

  private @Nullable Map<String, @Nullable Object> run(ConsumerInfo consumer) {
    return runs.stream()
        .filter(r -> r.queue().equals(consumer.queue()) && r.consumer().equals(consumer.name()))
        .findFirst()
        .map(StatusReport::json)
        .orElse(null);
  }

  private static Map<String, @Nullable Object> json(ConsumerRun run) {
    return JsonObject.of("host", run.host())
        .with("process", run.process())
        .with("running_seconds", run.running())
        .with("state", state(run))
        .with("state_seconds", run.stateAge())
        .with("error", run.error())
        .with("error_seconds", run.errorAge())
        .map();
  }
}
