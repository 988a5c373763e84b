package io.pgq4j.admin.bench;

import io.pgq4j.admin.bench.Contest.Contestant;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javax.sql.DataSource;

/** The measurement behind {@code bench insert}. */
final class InsertBench {
  private static final String ASYNC = "set synchronous_commit = off";
  private static final String SYNC = "set synchronous_commit = on";
  private static final String EVENT =
      "select pgq.insert_event('bench', 'order', '{\"id\": 1, \"customer\": \"customer 17\"}')";
  private static final String TABLE =
      "create table orders (id bigint generated always as identity primary key, customer text not"
          + " null, amount numeric(10, 2) not null, created_at timestamptz not null, note text)"
          + " with (autovacuum_enabled = off)";
  private static final String ROW =
      "insert into orders (customer, amount, created_at, note)"
          + " values ('customer 17', 12.34, now(), 'leave it at the door')";
  private static final String DATA = "'{\"id\": ' || i || ', \"customer\": \"customer 17\"}'";

  private final ScratchDatabase bare;
  private final ScratchDatabase ours;
  private final List<ScratchDatabase> peers;
  private final Options options;
  private final Consumer<String> progress;

  /**
   * What to do.
   *
   * @param time of each contestant in each round
   * @param rows of a bulk insert
   */
  record Options(int clients, Duration time, int rows, int rounds) {}

  private InsertBench(
      ScratchDatabase bare,
      ScratchDatabase ours,
      List<ScratchDatabase> peers,
      Options options,
      Consumer<String> progress) {
    this.bare = bare;
    this.ours = ours;
    this.peers = peers;
    this.options = options;
    this.progress = progress;
  }

  static RatesReport measure(
      DataSource server, boolean withPeer, Options options, Consumer<String> progress)
      throws SQLException, InterruptedException {
    try (ScratchDatabase bare = ScratchDatabase.empty(server);
        ScratchDatabase ours = ScratchDatabase.withSchema(server)) {
      if (!withPeer) {
        return new InsertBench(bare, ours, List.of(), options, progress).measure();
      }
      try (ScratchDatabase theirs = ScratchDatabase.withPeer(server)) {
        return new InsertBench(bare, ours, List.of(theirs), options, progress).measure();
      }
    }
  }

  private RatesReport measure() throws SQLException, InterruptedException {
    Sql.execute(bare.connect(), TABLE);
    for (String table : List.of("event", "keyed")) {
      Sql.execute(
          bare.connect(),
          "create table "
              + table
              + " (ev_id bigint generated always as identity, ev_time timestamptz not null, ev_txid"
              + " bigint not null default txid_current(), ev_owner integer, ev_retry integer,"
              + " ev_type text, ev_data text, ev_extra1 text, ev_extra2 text, ev_extra3 text,"
              + " ev_extra4 text) with (autovacuum_enabled = off)");
    }
    Sql.execute(bare.connect(), "alter table keyed add primary key (ev_id)");
    Connection connection = ours.connect();
    Sql.execute(connection, TABLE);
    Sql.execute(connection, "select pgq.create_queue('bench')");
    Sql.execute(connection, "select pgq.watch_table('orders', 'bench')");
    for (ScratchDatabase peer : peers) {
      Sql.execute(peer.connect(), TABLE);
      Sql.execute(peer.connect(), "select pgq.create_queue('bench')");
      Sql.execute(peer.connect(), ScratchDatabase.PEER_TRIGGER);
    }
    String clients = ", " + options.clients() + " clients";
    return new RatesReport(
        List.of(
            section("insert_event" + clients + ", asynchronous commit", ASYNC, EVENT, false),
            section("Captured row" + clients + ", asynchronous commit", ASYNC, ROW, true),
            section("Captured row" + clients + ", synchronous commit", SYNC, ROW, true),
            bulk()));
  }

  private RatesReport.Section section(String title, String setting, String sql, boolean withBare)
      throws SQLException, InterruptedException {
    List<Contestant> contestants = new ArrayList<>();
    if (withBare) {
      contestants.add(new Contestant("bare table", new Transactions(bare, "orders", setting, sql)));
    }
    contestants.add(new Contestant("pgq4j", new Transactions(ours, "pgq.event", setting, sql)));
    for (ScratchDatabase peer : peers) {
      contestants.add(
          new Contestant(Peer.NAME, new Transactions(peer, "pgq.event_1", setting, sql)));
    }
    progress.accept(title + ":");
    return new RatesReport.Section(
        title, "transactions", Contest.run(contestants, options.rounds(), progress));
  }

  private RatesReport.Section bulk() throws SQLException, InterruptedException {
    String title = "One statement of " + options.rows() + " events";
    String series = " from generate_series(1, " + options.rows() + ") i";
    List<Contestant> contestants = new ArrayList<>();
    contestants.add(bareBulk("bare table", "keyed", series));
    contestants.add(bareBulk("bare table, no primary key", "event", series));
    contestants.add(
        new Contestant(
            "insert_events",
            new Bulk(
                ours,
                "pgq.event",
                "select count(*) from pgq.insert_events('bench', 'order', array(select "
                    + DATA
                    + series
                    + "))")));
    for (ScratchDatabase peer : peers) {
      contestants.add(
          new Contestant(
              Peer.NAME,
              new Bulk(
                  peer,
                  "pgq.event_1",
                  "select count(pgq.insert_event('bench', 'order', " + DATA + "))" + series)));
    }
    progress.accept(title + ":");
    return new RatesReport.Section(
        title, "events", Contest.run(contestants, options.rounds(), progress));
  }

  private Contestant bareBulk(String name, String table, String series) throws SQLException {
    String columns = " (ev_time, ev_type, ev_data) select now(), 'order', ";
    return new Contestant(
        name, new Bulk(bare, table, "insert into " + table + columns + DATA + series));
  }

  /** Transactions of one statement by several clients. */
  private final class Transactions implements Contest.Work {
    private final Connection connection;
    private final String table;
    private final Clients clients;

    Transactions(ScratchDatabase scratch, String table, String setting, String sql)
        throws SQLException {
      connection = scratch.connect();
      this.table = table;
      clients = Clients.of(scratch, options.clients(), setting, sql, options.time());
    }

    @Override
    public void prepare() throws SQLException {
      // The events last: this one of a watched table is an event, too.
      Sql.execute(connection, "truncate orders");
      Sql.execute(connection, "truncate " + table);
    }

    @Override
    public long run() throws SQLException, InterruptedException {
      return clients.run();
    }

    @Override
    public void check(long done) throws SQLException {
      rowsAre(done, connection, table);
    }
  }

  /** One statement that inserts all. */
  private final class Bulk implements Contest.Work {
    private final Connection connection;
    private final String table;
    private final String sql;

    Bulk(ScratchDatabase scratch, String table, String sql) throws SQLException {
      connection = scratch.connect();
      this.table = table;
      this.sql = sql;
    }

    @Override
    public void prepare() throws SQLException {
      Sql.execute(connection, "truncate " + table);
    }

    @Override
    public long run() throws SQLException {
      Sql.execute(connection, sql);
      return options.rows();
    }

    @Override
    public void check(long done) throws SQLException {
      rowsAre(done, connection, table);
    }
  }

  private static void rowsAre(long done, Connection connection, String table) throws SQLException {
    long rows = Sql.number(connection, "select count(*) from " + table);
    if (rows != done) {
      throw new IllegalStateException(table + " has " + rows + " rows of " + done);
    }
  }
}
