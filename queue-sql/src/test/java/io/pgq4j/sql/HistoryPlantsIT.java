package io.pgq4j.sql;

import io.pgq4j.testing.TestDatabase;
import io.pgq4j.testing.history.HistoryRun;
import io.pgq4j.testing.history.Role;
import io.pgq4j.testing.history.Shape;
import io.pgq4j.testing.history.Write;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The history checker is not blind: short histories, each with those in it who meet with the bugs
 * planted, and without whom it would take longer.
 */
class HistoryPlantsIT {

  @RegisterExtension static final TestDatabase database = TestDatabase.create();

  @RegisterExtension final Sessions sessions = new Sessions(database);

  @Test
  @Plant(in = "batch_window(bigint)", replace = "txid_snapshot_xmin.*? then", by = "true then")
  @Plant(
      in = "insert_event(text,text,text,text,text,text,text)",
      replace = "ev_time, (ev_queue.*?now\\(\\), )",
      by = "ev_time, ev_txid, $1pg_snapshot_xmax(pg_current_snapshot())::text::bigint - 1, ")
  @Plant(in = "create_reader(integer)", replace = "order by ev_id", by = "order by ev_id desc")
  @Plant(
      in = "tick_snapshot(txid_snapshot)",
      replace = "if not txid_visible_in_snapshot.*?end if;",
      by = "return format('%1\\$s:%1\\$s:', txid_snapshot_xmax(i_snapshot));")
  void batchesHoldWhatWasCommitted() throws Exception {
    history().with(Role.PRODUCER, 3).with(Role.LONG_PRODUCER, 4).with(Role.PLAIN, 2).run();
  }

  @Test
  @Plant(
      in = "tick_past_slot(pgq.queue,integer,bigint,bigint)",
      replace = "and txid_snapshot_xmax.*?order by",
      by = "order by")
  @Plant(
      in = "create_reader(integer)",
      replace = "from pgq.event_%s e\\s+where ",
      by =
          "from pgq.event_%1\\$s e where ev_slot = (select queue_cur_table from pgq.queue where queue_id"
              + " = %1\\$s) and ")
  @Plant(
      in = "batch_event_sql(bigint,text)",
      replace = "from pgq.event_%1\\$s where ",
      by =
          "from pgq.event_%1\\$s where ev_slot = (select queue_cur_table from pgq.queue where queue_id ="
              + " %1\\$s) and ")
  @Plant(in = "watermark(integer)", replace = "min\\(p.last_tick\\)", by = "max(p.last_tick)")
  @Plant(
      in = "watermark(integer)",
      replace = "l.last_tick",
      by = "coalesce(l.next_tick, l.last_tick) as last_tick")
  void whatIsEmptiedWasRead() throws Exception {
    history()
        .writing(Write.EVENT, Write.COPY_EVENTS)
        .with(Role.PRODUCER, 1)
        .with(Role.LONG_PRODUCER, 2)
        .with(Role.PLAIN, 1)
        .with(Role.LAGGING, 1)
        .run();
  }

  @Test
  @Plant(in = "check_isolation(text)", replace = "<> 'read committed'", by = "= 'none'")
  @Plant(
      in = "tick_snapshot(txid_snapshot)",
      replace = "if not txid_visible_in_snapshot",
      by = "if true or not txid_visible_in_snapshot")
  @Plant(
      in = "insert_tick_silently(pgq.queue_state,boolean,boolean)",
      replace =
          "  if i_wait then.*?pgq.is_restored\\(\\) into(.*?)if v_last is distinct.*?return pgq.append",
      by =
          "  select t.tick_id, pgq.tick_snapshot(), false into$1 perform pg_sleep(0.01);"
              + " return pgq.append")
  void ticksGrow() throws Exception {
    history()
        .writing(Write.EVENT)
        .with(Role.PRODUCER, 2)
        .with(Role.TICKER, 3)
        .with(Role.OLD_TICKER, 2)
        .with(Role.NEWCOMER, 5)
        .with(Role.PLAIN, 1)
        .run();
  }

  @Test
  @Plant(
      in = "next_batch_custom(text,text,interval,integer,interval)",
      replace = "v_position.pos_seq \\+ 1",
      by = "v_position.pos_seq + (select (random() * 1e6)::integer from pg_sleep(0.03))")
  @Plant(in = "finish_batch(bigint)", replace = "p\\.pos_seq \\+ 1", by = "p.pos_seq + 1000")
  @Plant(in = "finish_batch(bigint)", replace = "p\\.next_tick", by = "p.next_tick + 1")
  @Plant(
      in = "compact_positions()",
      replace = "array\\(select pgq.current_position\\(r.sub_id\\) from pgq.registration r\\)",
      by = "array(select p from pgq.position p where pos_seq = 1)")
  void batchesAreFinishedOnceAndInTurn() throws Exception {
    history()
        .writing(Write.EVENT)
        .with(Role.PRODUCER, 1)
        .with(Role.TWIN, 4)
        .with(Role.PROBER, 1)
        .with(Role.TRANSACTIONAL, 1)
        .run();
  }

  @Test
  @Plant(
      in = "watermark(integer)",
      replace = "r.sub_queue = i_queue_id",
      by = "r.sub_queue = i_queue_id and r.sub_main is null")
  void membersShareBatchesAndMissNone() throws Exception {
    history().writing(Write.EVENT).with(Role.PRODUCER, 1).with(Role.MEMBER, 4).run();
  }

  @Test
  @Plant(
      in = "maint_retry_events()",
      replace = "nullif\\(r.ev_owner, 0\\), r.ev_retry",
      by = "null, r.ev_retry")
  @Plant(
      in = "maint_retry_events()",
      replace = "q.queue_id = r.ev_queue",
      by = "q.queue_id = r.ev_queue and r.ev_id % 3 > 0")
  void retriedEventsComeBackToWhoAskedForThem() throws Exception {
    history().writing(Write.EVENT).with(Role.PRODUCER, 1).with(Role.PLAIN, 3).run();
  }

  @Test
  @Plant(in = "capture()", replace = "e.ev_type = 'DELETE' desc, i, e.step", by = "i, e.step")
  @Plant(
      in = "update_events(json,json,boolean,boolean,text[],jsonb,text)",
      replace = "i_is and \\(m.moved or i_was is not true\\)",
      by = "false")
  void changesOfRowsArriveInTheirOrder() throws Exception {
    history()
        .writing(
            Write.INSERT_ROWS,
            Write.COPY_ROWS,
            Write.UPDATE_ROWS,
            Write.REPLACE_ROW,
            Write.DELETE_ROWS,
            Write.SHIFT_KEYS)
        .with(Role.PRODUCER, 3)
        .with(Role.PLAIN, 2)
        .run();
  }

  private static HistoryRun history() {
    return HistoryRun.of(database.dataSource())
        .shaped(
            Shape.READ_COMMITTED, Shape.REPEATABLE_READ, Shape.SERIALIZABLE, Shape.ASYNCHRONOUS);
  }
}
