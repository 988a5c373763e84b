package io.pgq4j.admin.bench;

import io.pgq4j.admin.bench.BatchesReport.Held;
import io.pgq4j.admin.bench.Contest.Contestant;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The measurement behind {@code bench batches}. */
final class BatchesBench {
  /** The first and the last of so many parts of the time are compared. */
  private static final int PARTS = 10;

  /** Answers no other batch. */
  private static final String FINISH = "select 0 from pgq.finish_batch(?)";

  private static final String FINISH_AND_NEXT = "select batch_id from pgq.finish_and_next(?)";

  private static final String HOLD =
      "begin isolation level repeatable read; select txid_current(), count(*) from pgq.queue";

  /*
   * What statistics know of: not the queue's row, which rotation updates, nor the retry queue, of
   * which events are deleted when they return, nor the row of lineage, updated when it was made.
   */
  private static final String DEAD =
      "select sum(n_dead_tup) from pg_stat_all_tables where schemaname = 'pgq' and relname not in"
          + " ('queue', 'retry_queue', 'lineage')";

  private final Options options;
  private final Consumer<String> progress;

  /**
   * What to do.
   *
   * @param batches in each round
   * @param queues in each database, all but one of them idle
   * @param lagging whether another consumer reads nothing
   * @param hold how long to go on while a transaction is open; null: not at all
   */
  record Options(int batches, int queues, boolean lagging, @Nullable Duration hold) {}

  BatchesBench(Options options, Consumer<String> progress) {
    this.options = options;
    this.progress = progress;
  }

  BatchesReport measure(DataSource server, RoundsOptions turns)
      throws SQLException, InterruptedException {
    try (ScratchDatabase ours = ScratchDatabase.withSchema(server);
        ScratchDatabase joined = ScratchDatabase.withSchema(server)) {
      String compact = "select pgq.maint_compact()";
      Contestant own = new Contestant("pgq4j", new Batches(ours, compact, FINISH));
      Contestant quick =
          new Contestant("pgq4j, finish_and_next", new Batches(joined, compact, FINISH_AND_NEXT));
      if (!turns.withPeer()) {
        return measure(List.of(own, quick), turns, List.of(ours, joined));
      }
      try (ScratchDatabase theirs = ScratchDatabase.withPeer(server)) {
        Batches peer = new Batches(theirs, "vacuum pgq.subscription, pgq.tick", FINISH);
        return measure(
            List.of(own, quick, new Contestant(Peer.NAME, peer)),
            turns,
            List.of(ours, joined, theirs));
      }
    }
  }

  private BatchesReport measure(
      List<Contestant> contestants, RoundsOptions turns, List<ScratchDatabase> databases)
      throws SQLException, InterruptedException {
    RatesReport.Section free =
        new RatesReport.Section(
            "next_batch, get_batch_events of one event, finish_batch",
            "batches",
            Contest.run(contestants, turns.rounds, progress));
    return new BatchesReport(
        new RatesReport(List.of(free)),
        options.hold() == null ? List.of() : held(contestants, databases, options.hold()));
  }

  private List<Held> held(
      List<Contestant> contestants, List<ScratchDatabase> databases, Duration hold)
      throws SQLException, InterruptedException {
    for (ScratchDatabase database : databases) {
      Sql.execute(database.connect(), HOLD);
    }
    progress.accept("A transaction is open in each database for " + hold.toSeconds() + " s.");
    List<List<Double>> first = lists(contestants);
    List<List<Double>> last = lists(contestants);
    long began = System.nanoTime();
    boolean measured = false;
    for (int part = 0; part < PARTS || !measured; part = part(began, hold)) {
      for (int i = 0; i < contestants.size(); i++) {
        double rate = Contest.rate(contestants.get(i).work());
        if (part == 0) {
          first.get(i).add(rate);
        } else if (part >= PARTS - 1) {
          last.get(i).add(rate);
          measured = true;
        }
      }
    }
    TimeUnit.SECONDS.sleep(2); // until all sessions have told their statistics
    List<Held> held = new ArrayList<>();
    for (int i = 0; i < contestants.size(); i++) {
      held.add(
          new Held(
              contestants.get(i).name(),
              hold,
              RatesReport.median(first.get(i)),
              RatesReport.median(last.get(i)),
              deadTuples(databases.get(i))));
    }
    return held;
  }

  private static int part(long began, Duration hold) {
    return (int) ((System.nanoTime() - began) * PARTS / hold.toNanos());
  }

  private static List<List<Double>> lists(List<Contestant> contestants) {
    return contestants.stream().map(one -> (List<Double>) new ArrayList<Double>()).toList();
  }

  private static long deadTuples(ScratchDatabase database) throws SQLException {
    return Sql.number(database.connect(), DEAD);
  }

  /** A consumer's way through some batches, each call a transaction of its own. */
  private final class Batches implements Contest.Work {
    private final Connection connection;
    private final String maintenance;
    private final PreparedStatement insert;
    private final PreparedStatement tick;
    private final PreparedStatement next;
    private final PreparedStatement read;
    private final PreparedStatement finish;

    /**
     * One contestant's way.
     *
     * @param finish ends a batch, and may answer the next one; else 0
     */
    Batches(ScratchDatabase scratch, String maintenance, String finish) throws SQLException {
      this.maintenance = maintenance;
      connection = scratch.connect();
      for (int i = 1; i < options.queues(); i++) {
        Sql.execute(connection, "select pgq.create_queue('idle" + i + "')");
      }
      Sql.execute(connection, "select pgq.create_queue('bench')");
      Sql.execute(connection, "select pgq.set_queue_config('bench', 'ticker_max_lag', '0')");
      Sql.execute(connection, "select pgq.register_consumer('bench', 'consumer')");
      if (options.lagging()) {
        Sql.execute(connection, "select pgq.register_consumer('bench', 'lagging')");
      }
      insert = connection.prepareStatement("select pgq.insert_event('bench', 'order', 'data')");
      tick = connection.prepareStatement("select pgq.ticker('bench')");
      next = connection.prepareStatement("select pgq.next_batch('bench', 'consumer')");
      read = connection.prepareStatement("select ev_id from pgq.get_batch_events(?)");
      this.finish = connection.prepareStatement(finish);
    }

    @Override
    public void prepare() throws SQLException {
      Sql.execute(connection, maintenance);
      for (int i = 0; i < options.batches(); i++) {
        Sql.number(insert);
        Sql.number(tick);
      }
    }

    @Override
    public long run() throws SQLException {
      int batches = 0;
      long batch = Sql.number(next);
      while (batch != 0) {
        read.setLong(1, batch);
        if (Sql.number(read) == 0) {
          throw new IllegalStateException("batch " + batch + " has no event");
        }
        finish.setLong(1, batch);
        batch = Sql.number(finish);
        if (batch == 0) {
          batch = Sql.number(next);
        }
        batches++;
      }
      return batches;
    }

    @Override
    public void check(long done) {
      if (done != options.batches()) {
        throw new IllegalStateException(done + " batches of " + options.batches());
      }
    }
  }
}
