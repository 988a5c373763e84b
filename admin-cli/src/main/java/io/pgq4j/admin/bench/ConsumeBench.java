package io.pgq4j.admin.bench;

import io.pgq4j.ConsumerConfig;
import io.pgq4j.ConsumerRunner;
import io.pgq4j.Event;
import io.pgq4j.QueueAdmin;
import io.pgq4j.admin.bench.Contest.Contestant;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongUnaryOperator;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The measurement behind {@code bench consume}. */
final class ConsumeBench {
  private static final Duration PATIENCE = Duration.ofHours(1);
  private static final int HANDLER_MILLIS = 20;

  /** So that a round of handlers takes about a second, whatever the number of workers. */
  private static final int EVENTS_PER_WORKER = 50;

  private static final int KEYS_PER_WORKER = 16;
  private static final int FETCH_ROWS = 1_000;

  private static final String FILL =
      "insert into pgq.event (ev_id, ev_time, ev_queue, ev_slot, ev_type, ev_data, ev_extra1)"
          + " select nextval(q.queue_event_seq::regclass), now(), q.queue_id, q.queue_cur_table,"
          + " 'INSERT', '{\"id\": ' || i || ', \"title\": \"An order of some length\"}', 'public.orders'"
          + " from pgq.queue q, generate_series(1, %d) i where q.queue_name = '%s'";

  private static final String CURSOR =
      "select ev_id, ev_time, ev_txid, ev_retry, ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3,"
          + " ev_extra4 from pgq.event_1";

  private final Options options;
  private final Consumer<String> progress;

  /** What to do; see {@link ConsumeCommand}. */
  record Options(int events, List<Integer> workers, int consumers, int batches) {}

  ConsumeBench(Options options, Consumer<String> progress) {
    this.options = options;
    this.progress = progress;
  }

  RatesReport measure(DataSource server, int rounds) throws SQLException, InterruptedException {
    try (ScratchDatabase scratch = ScratchDatabase.withSchema(server)) {
      Connection connection = scratch.connect();
      // The first queue is the one whose table CURSOR names.
      return new RatesReport(
          List.of(
              new RatesReport.Section(
                  "a backlog of " + options.events(),
                  "events",
                  Contest.run(readers(scratch, connection), rounds, progress)),
              new RatesReport.Section(
                  "handlers of " + HANDLER_MILLIS + " ms, by key",
                  "events",
                  Contest.run(lanes(scratch, connection), rounds, progress)),
              new RatesReport.Section(
                  "one consumer of several",
                  "batches",
                  Contest.run(crowds(scratch, connection), rounds, progress))));
    }
  }

  private List<Contestant> readers(ScratchDatabase scratch, Connection connection)
      throws SQLException {
    create(connection, "read", 1);
    publish(connection, "read", options.events());
    Sql.execute(connection, "vacuum (analyze) pgq.event");
    return List.of(
        new Contestant("bare cursor", () -> readByCursor(connection)),
        new Contestant(
            "consumer",
            new Runs(
                scratch,
                connection,
                List.of(new Idle("read", "c0")),
                ConsumerConfig.ofDefaults())));
  }

  private static long readByCursor(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(FETCH_ROWS);
      long count = 0;
      try (ResultSet row = statement.executeQuery(CURSOR)) {
        while (row.next()) {
          for (int column = 1; column <= 10; column++) {
            row.getString(column);
          }
          count++;
        }
      }
      return count;
    } finally {
      connection.setAutoCommit(true);
    }
  }

  private List<Contestant> lanes(ScratchDatabase scratch, Connection connection)
      throws SQLException {
    List<Contestant> contestants = new ArrayList<>();
    for (int workers : options.workers()) {
      String queue = "lanes" + workers;
      create(connection, queue, 1);
      publish(connection, queue, workers * EVENTS_PER_WORKER);
      contestants.add(
          new Contestant(
              workers + (workers == 1 ? " worker" : " workers"),
              new Runs(
                  scratch,
                  connection,
                  List.of(new Waiting(queue, workers * KEYS_PER_WORKER)),
                  ConsumerConfig.builder().byKey(workers).build())));
    }
    return contestants;
  }

  private List<Contestant> crowds(ScratchDatabase scratch, Connection connection)
      throws SQLException {
    create(connection, "crowd", options.consumers());
    for (int i = 0; i < options.batches(); i++) {
      publish(connection, "crowd", 1);
    }
    List<Idle> all =
        IntStream.range(0, options.consumers()).mapToObj(i -> new Idle("crowd", "c" + i)).toList();
    ConsumerConfig config = ConsumerConfig.ofDefaults();
    return List.of(
        new Contestant(
            "alone", new Runs(scratch, connection, all.subList(0, 1), config).counting(this::one)),
        new Contestant(
            "among " + options.consumers() + " at work",
            new Runs(scratch, connection, all, config).counting(this::one)),
        new Contestant(
            "all " + options.consumers() + " together",
            new Runs(scratch, connection, all, config).counting(this::all)));
  }

  private long one(long events) {
    return options.batches();
  }

  private long all(long events) {
    return events; // one in each batch
  }

  private static void create(Connection connection, String queue, int consumers)
      throws SQLException {
    QueueAdmin admin = QueueAdmin.on(connection);
    admin.createQueue(queue);
    for (int i = 0; i < consumers; i++) {
      admin.register(queue, "c" + i);
    }
  }

  private static void publish(Connection connection, String queue, int events) throws SQLException {
    Sql.execute(connection, FILL.formatted(events, queue));
    QueueAdmin.on(connection).tick(queue);
  }

  /** Consumers that go through all events of their queue, from its first tick. */
  private static final class Runs implements Contest.Work {
    private final DataSource dataSource;
    private final Connection connection;
    private final List<? extends Counting> consumers;
    private final ConsumerConfig config;
    private LongUnaryOperator done = events -> events;
    private long expected;

    Runs(
        ScratchDatabase scratch,
        Connection connection,
        List<? extends Counting> consumers,
        ConsumerConfig config) {
      this.dataSource = scratch.dataSource();
      this.connection = connection;
      this.consumers = consumers;
      this.config = config;
    }

    Runs counting(LongUnaryOperator what) {
      this.done = what;
      return this;
    }

    @Override
    public void prepare() throws SQLException {
      for (Counting consumer : consumers) {
        consumer.events.reset();
        Sql.execute(
            connection,
            "select pgq.seek('%s', '%s', (select tick_id from pgq.oldest_tick('%1$s')))"
                .formatted(consumer.queue(), consumer.name()));
      }
      String queue = consumers.get(0).queue();
      expected =
          consumers.size()
              * Sql.number(
                  connection,
                  "select count(*) from pgq.event join pgq.queue on queue_id = ev_queue"
                      + " where queue_name = '%s'".formatted(queue));
    }

    @Override
    public long run() throws InterruptedException {
      ConsumerRunner.Builder builder = ConsumerRunner.builder(dataSource);
      consumers.forEach(consumer -> builder.add(consumer, config));
      try (ConsumerRunner runner = builder.build()) {
        runner.start();
        if (!runner.drain(PATIENCE)) {
          throw new IllegalStateException("not done after " + PATIENCE);
        }
      }
      return done.applyAsLong(expected);
    }

    @Override
    public void check(long count) {
      long seen = consumers.stream().mapToLong(consumer -> consumer.events.sum()).sum();
      if (seen != expected) {
        throw new IllegalStateException(seen + " events consumed, of " + expected);
      }
    }
  }

  private abstract static class Counting extends io.pgq4j.Consumer {
    final LongAdder events = new LongAdder();

    Counting(String queue, String name) {
      super(queue, name);
    }
  }

  private static final class Idle extends Counting {
    Idle(String queue, String name) {
      super(queue, name);
    }

    @Override
    protected void process(Event event) {
      events.increment();
    }
  }

  private static final class Waiting extends Counting {
    private final int keys;

    Waiting(String queue, int keys) {
      super(queue, "c0");
      this.keys = keys;
    }

    @Override
    protected void process(Event event) throws InterruptedException {
      TimeUnit.MILLISECONDS.sleep(HANDLER_MILLIS);
      events.increment();
    }

    @Override
    protected @Nullable String key(Event event) {
      return Long.toString(event.id() % keys);
    }
  }
}
