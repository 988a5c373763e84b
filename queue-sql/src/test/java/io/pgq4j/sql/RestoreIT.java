package io.pgq4j.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.ds.PGSimpleDataSource;

/** A dump of one server, restored into another by the commands of restore-and-failover.md. */
class RestoreIT {

  private static final String Q = "orders";

  @AutoClose private static RealPgq old;
  @AutoClose private static RealPgq next;

  @TempDir private Path directory;
  private final List<Connection> open = new ArrayList<>();

  /** Where the new server's transaction ids stand, seen from the old one's. */
  private enum Xids {
    LOWER,
    HIGHER
  }

  @BeforeAll
  static void startServers() throws IOException, SQLException {
    old = RealPgq.start();
    try (Connection connection = old.database("postgres").getConnection()) {
      connection
          .createStatement()
          .execute("create role worker login; create role keeper login createrole");
    }
    next = RealPgq.start();
  }

  @AfterEach
  void closeConnections() throws SQLException {
    for (Connection one : open) {
      one.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void consumersGetWhatTheyHadNotFinished(Xids xids) throws SQLException, IOException {
    String shop = "shop_" + xids.name().toLowerCase(Locale.ROOT);
    Session before = install(shop, "postgres");
    if (xids == Xids.LOWER) {
      spendXidsUntilAfter(session(next, "postgres", "postgres"), before);
    }
    before.run("grant pgq_reader to worker");
    Session worker = session(old, shop, "worker");
    long batchOfMember = fill(before);
    long batch = worker.openBatch(Q, "amid");
    dump(shop, "postgres");
    if (xids == Xids.HIGHER) {
      spendXidsUntilAfter(before, session(next, "postgres", "postgres"));
    }
    restoreRoles();
    next.runClient("postgres", "createdb", shop);
    next.runClient("postgres", "pg_restore", "--dbname=" + shop, dumpOf(shop));

    Session s = session(next, shop, "postgres");
    assertThat(s.number("select txid_current()") > before.number("select txid_current()"))
        .isEqualTo(xids == Xids.HIGHER);
    s.insert(Q, "between");
    s.fails("PQ006", "select pgq.ticker(?)", Q);
    assertThat(s.warning("select pgq.ticker()")).isEqualTo("PQ006");
    assertThat(s.number("select pgq.maint_retry_events()")).as("retries").isZero();
    assertThat(s.rotate(Q)).isFalse();
    assertThat(s.drain(Q, "early"))
        .as("what was ticked before the dump")
        .containsExactlyInAnyOrder("first", "dead", "retried");

    assertThat(s.rows("select * from pgq.rebase()"))
        .containsExactlyInAnyOrder(
            Q + "|amid|4",
            Q + "|behind|5",
            Q + "|done|2",
            Q + "|early|2",
            Q + "|team|4",
            Q + "|team.m1|1",
            "items|c|0");
    assertThat(s.rows("select * from pgq.rebase()")).isEmpty();
    Session restoredWorker = session(next, shop, "worker");
    for (long one : new long[] {batch, batchOfMember}) {
      restoredWorker.fails("PQ003", "select * from pgq.get_batch_events(?)", one);
      assertThat(restoredWorker.finish(one)).isZero();
    }

    s.run("update pgq.retry_queue set ev_retry_after = now() where ev_owner = 0"); // its time comes
    s.run("select pgq.maint_retry_events()");
    s.insert(Q, "new");
    s.run("insert into item values (2)");
    s.run("select pgq.ticker()");
    assertThat(s.drain(Q, "done"))
        .containsExactlyInAnyOrder("retried", "unticked", "between", "delayed", "new");
    assertThat(s.drain(Q, "early"))
        .containsExactlyInAnyOrder("unticked", "between", "delayed", "new");
    assertThat(s.drain(Q, "behind"))
        .containsExactlyInAnyOrder(
            "first", "dead", "retried", "unticked", "between", "delayed", "new");
    assertThat(restoredWorker.drain(Q, "amid"))
        .containsExactlyInAnyOrder("dead", "retried", "unticked", "between", "delayed", "new");
    assertThat(restoredWorker.drain(Q, "team.m1"))
        .containsExactlyInAnyOrder(
            "first", "dead", "retried", "unticked", "between", "delayed", "new");
    assertThat(s.drain("items", "c")).containsExactly("{\"id\":2}");
    assertThat(s.rows("select ev_data, reason from pgq.get_dead_letters(?, 'done')", Q))
        .containsExactly("dead|broken");
    assertThat(s.number("select count(*) from pgq.retry_queue")).isZero();
  }

  @Test
  void ownerWhoIsNoSuperuserRestoresAndGrantsTheRolesAgain() throws SQLException, IOException {
    Session before = install("shop_of_keeper", "keeper");
    before.run("create table item (id integer primary key)");
    before.run("select pgq.create_queue('items'), pgq.register_consumer('items', 'c')");
    before.run("select pgq.watch_table('item', 'items')");
    before.run("insert into item values (1)");
    dump("shop_of_keeper", "keeper");

    restoreRoles();
    next.runClient("postgres", "createdb", "--owner=keeper", "shop_of_keeper");
    next.runClient(
        "keeper", "pg_restore", "--no-owner", "--dbname=shop_of_keeper", dumpOf("shop_of_keeper"));
    Session s = session(next, "shop_of_keeper", "keeper");
    String owners =
        "select distinct proowner::regrole from pg_proc"
            + " where oid in ('pgq.capture()'::regprocedure, 'pgq.capture_row()'::regprocedure)";
    assertThat(s.rows(owners)).as("needs grant_roles").containsExactly("keeper");
    s.run("select pgq.grant_roles()");

    assertThat(s.rows(owners)).containsExactly("pgq_capture");
    assertThat(s.rows("select * from pgq.rebase()")).containsExactly("items|c|1");
    s.run("select pgq.maint_retry_events()");
    s.run("insert into item values (2)");
    s.tick("items");
    assertThat(s.drain("items", "c")).containsExactlyInAnyOrder("{\"id\":1}", "{\"id\":2}");
  }

  /** Leaves every consumer with something else that it has not finished; the batch of a member. */
  private static long fill(Session s) throws SQLException {
    s.run("select pgq.create_queue(?), pgq.create_queue('items')", Q);
    for (String consumer : List.of("done", "behind", "early", "amid", "team")) {
      s.run("select pgq.register_consumer(?, ?)", Q, consumer);
    }
    for (String member : List.of("m1", "m2")) {
      s.run("select pgq_coop.register_subconsumer(?, 'team', ?)", Q, member);
    }
    s.insert(Q, "first");
    s.tick(Q);
    s.drain(Q, "done");
    s.drain(Q, "amid");
    final long batchOfMember = s.openBatch(Q, "team.m1");

    long dead = s.insert(Q, "dead");
    long retried = s.insert(Q, "retried");
    s.tick(Q);
    long batch = s.openBatch(Q, "done");
    s.run("select pgq.event_dead(?, ?, 'broken')", batch, dead);
    s.run("select pgq.event_retry(?, ?, 0)", batch, retried);
    s.finish(batch);
    s.insert(Q, "unticked");
    s.run("select pgq.insert_event_at(?, 'type', 'delayed', now() + interval '1 hour')", Q);

    s.run("create table item (id integer primary key)");
    s.run("select pgq.register_consumer('items', 'c'), pgq.watch_table('item', 'items')");
    s.run("insert into item values (1)");
    s.tick("items");
    s.drain("items", "c");
    return batchOfMember;
  }

  private Session install(String name, String owner) throws SQLException, IOException {
    old.runClient("postgres", "createdb", "--owner=" + owner, name);
    PGSimpleDataSource database = old.database(name);
    database.setUser(owner);
    SchemaInstaller.of(database).install();
    return session(old, name, owner);
  }

  private void dump(String name, String user) throws IOException {
    old.runClient(
        "postgres", "pg_dumpall", "--roles-only", "--file=" + directory.resolve("roles.sql"));
    old.runClient(user, "pg_dump", "--format=custom", "--file=" + dumpOf(name), name);
  }

  private String dumpOf(String name) {
    return directory.resolve(name + ".dump").toString();
  }

  private void restoreRoles() throws IOException {
    next.runClient("postgres", "psql", "--file=" + directory.resolve("roles.sql"), "postgres");
  }

  private Session session(RealPgq server, String name, String user) throws SQLException {
    PGSimpleDataSource database = server.database(name);
    database.setUser(user);
    Connection connection = database.getConnection();
    open.add(connection);
    return new Session(connection, connection);
  }

  /** Makes the second server's transaction ids higher than the first one's, by far. */
  private static void spendXidsUntilAfter(Session first, Session second) throws SQLException {
    long missing =
        first.number("select txid_current()") + 1000 - second.number("select txid_current()");
    second.run(
        "do $$ begin for i in 1..%d loop perform txid_current(); commit; end loop; end $$"
            .formatted(Math.max(missing, 1)));
  }
}
