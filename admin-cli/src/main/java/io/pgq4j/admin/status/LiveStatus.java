package io.pgq4j.admin.status;

import io.pgq4j.admin.internal.Durations;
import io.pgq4j.admin.internal.JsonObject;
import io.pgq4j.admin.internal.Printable;
import io.pgq4j.admin.internal.Terminal;
import io.pgq4j.admin.internal.TextTable;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Queues and consumers as they go: rates between two samples, and how these went lately. */
final class LiveStatus {
  private static final int HISTORY = 20;

  private final Map<String, Deque<Double>> rates = new HashMap<>();
  private Sample last = new Sample(0, List.of());

  /** Takes the next sample in. */
  void add(Sample sample) {
    Map<String, Long> before = new HashMap<>();
    last.lines().forEach(line -> before.put(line.key(), line.done()));
    double seconds = (sample.nanos() - last.nanos()) / 1e9;
    for (Sample.Line line : sample.lines()) {
      Deque<Double> course = rates.computeIfAbsent(line.key(), key -> new ArrayDeque<>());
      Long done = before.get(line.key());
      if (done != null) {
        course.addLast(Math.max(0, line.done() - done) / seconds);
      }
      if (course.size() > HISTORY) {
        course.removeFirst();
      }
    }
    last = sample;
  }

  private @Nullable Double rate(Sample.Line line) {
    Deque<Double> course = rates.get(line.key());
    return course == null ? null : course.peekLast();
  }

  /** What a terminal shows, as many lines as fit. */
  List<String> lines(Terminal terminal) {
    TextTable table =
        new TextTable("Queue", "Events/s", "Trend", "Lag", "Pending", "Retries", "Dead", "Trouble");
    for (Sample.Line line : last.lines()) {
      Double rate = rate(line);
      table.row(
          line.consumer() == null
              ? Printable.name(line.queue())
              : "  " + Printable.name(line.consumer()),
          rate == null ? "-" : String.format(Locale.ROOT, "%,.1f", rate),
          Sparkline.of(rates.getOrDefault(line.key(), new ArrayDeque<>())),
          Durations.approximate(line.lag()),
          String.format(Locale.ROOT, "%,d", line.pending()),
          line.retries() == null ? "" : line.retries().toString(),
          line.dead() == null ? "" : line.dead().toString(),
          line.trouble() == null ? "" : line.trouble());
    }
    StringWriter text = new StringWriter();
    table.print(new PrintWriter(text, true), terminal);
    List<String> lines = new ArrayList<>(text.toString().lines().toList());
    int room = terminal.height() - 1;
    return lines.size() <= room ? lines : lines.subList(0, room);
  }

  /** The same for programs. */
  JsonObject json() {
    List<Map<String, @Nullable Object>> queues = new ArrayList<>();
    List<Map<String, @Nullable Object>> consumers = new ArrayList<>();
    for (Sample.Line line : last.lines()) {
      if (line.consumer() == null) {
        consumers = new ArrayList<>();
        queues.add(common("queue", line.queue(), line).with("consumers", consumers).map());
      } else {
        consumers.add(
            common("consumer", line.consumer(), line)
                .with("retries", line.retries())
                .with("dead_letters", line.dead())
                .map());
      }
    }
    return JsonObject.of("queues", queues);
  }

  private JsonObject common(String key, String name, Sample.Line line) {
    return JsonObject.of(key, name)
        .with("events_per_second", rate(line))
        .with("lag_seconds", line.lag())
        .with("pending_events", line.pending())
        .with("trouble", line.trouble());
  }
}
