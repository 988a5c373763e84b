package io.pgq4j.admin.bench;

import io.pgq4j.admin.internal.JsonObject;
import io.pgq4j.admin.internal.TextTable;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code bench idle} found.
 *
 * @param connections to the scratch database
 * @param tickerCpu what the ticker used meanwhile
 */
record IdleReport(
    int queues,
    int consumers,
    int connections,
    long transactions,
    Duration time,
    TickerCpu tickerCpu)
    implements Report {

  double perSecond() {
    return transactions / (time.toNanos() / 1e9);
  }

  @Override
  public void print(PrintWriter out) {
    new TextTable(
            "Idle",
            "Consumers",
            "Connections",
            "Transactions",
            "Seconds",
            "Queries/s",
            "Ticker, % of a core",
            "Its sessions")
        .row(
            queues + " queues",
            Integer.toString(consumers),
            Integer.toString(connections),
            Long.toString(transactions),
            String.format(Locale.ROOT, "%.1f", time.toNanos() / 1e9),
            String.format(Locale.ROOT, "%.2f", perSecond()),
            percent(share(tickerCpu.own())),
            percent(share(tickerCpu.server())))
        .print(out);
  }

  private @Nullable Double share(@Nullable Long nanos) {
    return nanos == null ? null : nanos / (double) time.toNanos();
  }

  private static String percent(@Nullable Double share) {
    return share == null ? "-" : String.format(Locale.ROOT, "%.2f", share * 100);
  }

  @Override
  public List<Map<String, @Nullable Object>> json() {
    return List.of(
        JsonObject.of("queues", queues)
            .with("consumers", consumers)
            .with("connections", connections)
            .with("transactions", transactions)
            .with("time_seconds", time)
            .with("queries_per_second", perSecond())
            .with("ticker_share_of_core", share(tickerCpu.own()))
            .with("ticker_sessions_share_of_core", share(tickerCpu.server()))
            .map());
  }
}
