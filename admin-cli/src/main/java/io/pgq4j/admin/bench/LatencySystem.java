package io.pgq4j.admin.bench;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** What {@code bench latency} measures: queues, what ticks them, and consumers. */
abstract class LatencySystem {
  private final String name;
  final ScratchDatabase scratch;
  final int consumers;
  private final int queues;
  private final List<String> active;
  private final AtomicReference<@Nullable LatencyRun> current = new AtomicReference<>();

  /**
   * @param consumers of each active queue
   * @param active how many of the queues have producers and consumers
   */
  LatencySystem(String name, ScratchDatabase scratch, int consumers, int queues, int active) {
    this.name = name;
    this.scratch = scratch;
    this.consumers = consumers;
    this.queues = queues;
    this.active = IntStream.range(0, active).mapToObj(LatencySystem::queue).toList();
  }

  private static String queue(int number) {
    return "bench" + number;
  }

  final String name() {
    return name;
  }

  final DataSource dataSource() {
    return scratch.dataSource();
  }

  final List<String> active() {
    return active;
  }

  /** Creates queues and consumers, and has them work until the scratch database is closed. */
  final void start() throws SQLException, IOException {
    try (Connection connection = scratch.dataSource().getConnection()) {
      for (int i = 0; i < queues; i++) {
        Sql.execute(connection, "select pgq.create_queue('" + queue(i) + "')");
      }
      for (String queue : active) {
        for (int i = 0; i < consumers; i++) {
          Sql.execute(
              connection, "select pgq.register_consumer('" + queue + "', '" + consumer(i) + "')");
        }
      }
    }
    work();
  }

  static String consumer(int number) {
    return "consumer" + number;
  }

  abstract void work() throws SQLException, IOException;

  /** What arrives from now on belongs to this run. */
  final void measure(LatencyRun run) {
    current.set(run);
  }

  final LatencyRun run() {
    return Objects.requireNonNull(current.get());
  }

  /** Ticks of the active queues so far. */
  final long ticks() throws SQLException {
    try (Connection connection = scratch.dataSource().getConnection()) {
      long ticks = 0;
      for (String queue : active) {
        ticks +=
            Sql.number(connection, "select last_tick_id from pgq.get_queue_info('" + queue + "')");
      }
      return ticks;
    }
  }
}
