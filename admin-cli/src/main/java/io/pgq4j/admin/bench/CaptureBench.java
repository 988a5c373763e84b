package io.pgq4j.admin.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javax.sql.DataSource;

/** The measurement behind {@code bench capture}. */
final class CaptureBench {
  /*
   * Autovacuum is off as it is for event tables of both: an ANALYZE in one round and not in the next
   * would be noise.
   */
  private static final String TABLE =
      "create table orders (id bigint primary key, customer text not null, amount numeric(10, 2)"
          + " not null, created_at timestamptz not null, note text) with (autovacuum_enabled = off)";

  private static final String INSERT =
      "insert into orders select i, 'customer ' || i %% 1000, i %% 10000 / 100.0, now(),"
          + " case when i %% 3 = 0 then 'leave it at the door' end from generate_series(1, %d) i";

  private final DataSource server;
  private final int rows;
  private final int rounds;
  private final Consumer<String> progress;

  CaptureBench(DataSource server, int rows, int rounds, Consumer<String> progress) {
    this.server = server;
    this.rows = rows;
    this.rounds = rounds;
    this.progress = progress;
  }

  /** A table to insert into, on a connection that is kept. */
  private record Contestant(
      String name, Connection connection, Optional<String> eventTable, List<Duration> times) {}

  CaptureReport measure(boolean withPeer) throws SQLException {
    try (ScratchDatabase bare = ScratchDatabase.empty(server);
        ScratchDatabase ours = ScratchDatabase.withSchema(server)) {
      if (!withPeer) {
        return measure(List.of(bare(bare), watched(ours)));
      }
      try (ScratchDatabase theirs = ScratchDatabase.withPeer(server)) {
        return measure(List.of(bare(bare), watched(ours), peer(theirs)));
      }
    }
  }

  private static Contestant bare(ScratchDatabase scratch) throws SQLException {
    Connection connection = scratch.connect();
    Sql.execute(connection, TABLE);
    return new Contestant("bare", connection, Optional.empty(), new ArrayList<>());
  }

  private static Contestant watched(ScratchDatabase scratch) throws SQLException {
    Connection connection = scratch.connect();
    Sql.execute(connection, TABLE);
    Sql.execute(connection, "select pgq.create_queue('bench')");
    Sql.execute(connection, "select pgq.watch_table('orders', 'bench')");
    return new Contestant("pgq4j", connection, Optional.of("pgq.event"), new ArrayList<>());
  }

  private static Contestant peer(ScratchDatabase scratch) throws SQLException {
    Connection connection = scratch.connect();
    Sql.execute(connection, TABLE);
    Sql.execute(connection, "select pgq.create_queue('bench')");
    Sql.execute(connection, ScratchDatabase.PEER_TRIGGER);
    return new Contestant(
        Peer.NAME + " jsontriga", connection, Optional.of("pgq.event_1"), new ArrayList<>());
  }

  private CaptureReport measure(List<Contestant> contestants) throws SQLException {
    for (int round = 0; round <= rounds; round++) {
      progress.accept(round == 0 ? "Warming up." : "Round " + round + " of " + rounds + ".");
      // Each goes first in turn, lest a checkpoint or the like always meets the same one.
      for (int i = 0; i < contestants.size(); i++) {
        Contestant contestant = contestants.get((round + i) % contestants.size());
        Duration time = insert(contestant);
        if (round > 0) {
          contestant.times().add(time);
        }
      }
    }
    return new CaptureReport(
        rows,
        contestants.stream()
            .map(contestant -> CaptureReport.Row.of(contestant.name(), contestant.times()))
            .toList());
  }

  private Duration insert(Contestant contestant) throws SQLException {
    Connection connection = contestant.connection();
    // The events last: this one of a watched table is an event, too.
    Sql.execute(connection, "truncate orders");
    if (contestant.eventTable().isPresent()) {
      Sql.execute(connection, "truncate " + contestant.eventTable().get());
    }
    String insert = INSERT.formatted(rows);
    long began = System.nanoTime();
    Sql.execute(connection, insert);
    Duration time = Duration.ofNanos(System.nanoTime() - began);
    if (contestant.eventTable().isPresent()) {
      long events = Sql.number(connection, "select count(*) from " + contestant.eventTable().get());
      if (events != rows) {
        throw new IllegalStateException(
            contestant.name() + " made " + events + " events of " + rows + " rows");
      }
    }
    return time;
  }
}
