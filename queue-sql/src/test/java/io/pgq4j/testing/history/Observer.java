package io.pgq4j.testing.history;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Looks at ticks and at what was emptied, and lets the ledger forget what nobody needs. */
final class Observer extends Actor {

  private static final int TICKS = 50;

  Observer(World world, String name, Random random) {
    super(world, name, random, false);
  }

  @Override
  boolean step() throws SQLException, InterruptedException {
    List<Tick> ticks = new ArrayList<>();
    for (Db.Row row :
        db.rows(
            "select tick_id, tick_snapshot::text from pgq.tick where tick_queue = (select queue_id"
                + " from pgq.queue where queue_name = ?) order by tick_id desc limit ?",
            world.queue,
            TICKS)) {
      ticks.add(new Tick(row.number(0), Snapshot.parse(row.text(1))));
    }
    Collections.reverse(ticks);
    world.history.record(new Fact.Ticks(ticks));

    Map<String, Map<String, Snapshot>> needed = new HashMap<>();
    Map<String, Set<Long>> transactions = new HashMap<>();
    for (Db.Row row :
        db.rows(
            "with seen as (delete from history.emptied returning *) select event_table ||"
                + " md5(transactions::text), transactions, n.key, n.value from seen,"
                + " jsonb_each_text(needed) n")) {
      List<Long> numbers = row.numbers(1);
      transactions.put(row.text(0), numbers == null ? Set.of() : new HashSet<>(numbers));
      needed
          .computeIfAbsent(row.text(0), table -> new HashMap<>())
          .put(row.text(2), Snapshot.parse(row.text(3)));
    }
    needed.forEach(
        (table, consumers) ->
            world.history.record(
                new Fact.Emptied(table, transactions.getOrDefault(table, Set.of()), consumers)));
    db.rows("select history.prune(?)", world.queue);
    world.isBehind(
        db.number(
            "select coalesce(max(pg_sequence_last_value(queue_tick_seq::regclass) - sub_last_tick), 0)"
                + " from pgq.subscription join pgq.queue on queue_id = sub_queue where queue_name = ?",
            world.queue));
    world.awaitTicks(10);
    return true;
  }
}
