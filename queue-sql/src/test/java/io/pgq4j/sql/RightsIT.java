package io.pgq4j.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.testing.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may do what, by logging in as each role. */
class RightsIT {

  /** Function, and who else than an admin may call it; once for each of its forms. */
  private static final String MAY_BE_CALLED =
      """
      pgq.batch: reader consumer
      pgq.batch_event_sql: reader consumer
      pgq.batch_event_tables: reader consumer
      pgq.batch_query: reader consumer
      pgq.batch_retry: reader consumer
      pgq.batch_window: reader consumer
      pgq.caller: reader consumer
      pgq.caller_is_admin: reader consumer
      pgq.capture: writer
      pgq.capture_functions: reader writer consumer
      pgq.capture_row: writer
      pgq.capture_rows: writer
      pgq.capture_sql: writer
      pgq.check_consumer: reader consumer
      pgq.check_isolation: reader consumer
      pgq.columns: reader writer consumer
      pgq.create_watch: writer
      pgq.current_event_table: writer producer
      pgq.current_position: reader consumer
      pgq.dead_requeue: reader consumer
      pgq.event_<id>_read: reader consumer
      pgq.event_dead: reader consumer
      pgq.event_failed: reader consumer
      pgq.event_hold: reader consumer
      pgq.event_retry: reader consumer
      pgq.find_queue: reader writer consumer
      pgq.find_tick_helper: reader consumer
      pgq.finish_and_next: reader consumer
      pgq.finish_batch: reader consumer
      pgq.force_tick: reader consumer
      pgq.get_batch_cursor: reader consumer
      pgq.get_batch_events: reader consumer
      pgq.get_batch_info: reader consumer
      pgq.get_batches_events: reader consumer
      pgq.get_consumer_info: reader consumer
      pgq.get_consumer_states: reader consumer
      pgq.get_dead_letters: reader consumer
      pgq.get_events: reader consumer
      pgq.get_held_events: reader consumer
      pgq.get_held_keys: reader consumer
      pgq.get_queue_info: reader writer producer consumer
      pgq.get_watches: reader writer consumer
      pgq.held_dead: reader consumer
      pgq.held_done: reader consumer
      pgq.held_failed: reader consumer
      pgq.held_release: reader consumer
      pgq.hold_queue: writer
      pgq.insert_event: writer producer
      pgq.insert_event_at: writer producer
      pgq.insert_event_once: writer producer
      pgq.insert_events: writer producer
      pgq.may_hold: reader consumer
      pgq.next_batch: reader consumer
      pgq.next_batch_custom: reader consumer
      pgq.next_batch_info: reader consumer
      pgq.next_batches: reader consumer
      pgq.primary_key: writer
      pgq.quote_fqname: reader writer producer consumer
      pgq.refuse_caller: reader consumer
      pgq.refuse_stale_positions: reader consumer
      pgq.refuse_stale_snapshot: reader consumer
      pgq.register_consumer: reader consumer
      pgq.register_consumer_at: reader consumer
      pgq.seq_getval: reader writer producer consumer
      pgq.set_consumer_state: reader consumer
      pgq.unregister_consumer: reader consumer
      pgq.unwatch_table: writer
      pgq.register_consumer_since: reader consumer
      pgq.seek: reader consumer
      pgq.oldest_tick: reader consumer
      pgq.bootstrap_start: reader consumer
      pgq.bootstrap_sql: reader consumer
      pgq.bootstrap_finish: reader consumer
      pgq.trigger_argument: reader consumer
      pgq.sent_columns: reader consumer
      pgq.shaped: reader consumer
      pgq.pause_consumer: reader consumer
      pgq.resume_consumer: reader consumer
      pgq.get_paused_consumers: reader consumer
      pgq.jsontriga: writer
      pgq.logutriga: writer
      pgq.sqltriga: writer
      pgq.logtriga: writer
      pgq.row_event: writer producer
      pgq.row_options: writer producer
      pgq.row_fields: writer producer
      pgq.row_values: writer producer
      pgq.row_expressions: writer producer
      pgq.row_expression: writer producer
      pgq.json_value: writer producer
      pgq.same_value: writer producer
      pgq.encode_url: writer producer
      pgq.version: reader writer producer consumer
      pgq.watch_options: writer
      pgq.watch_table: writer
      pgq.watch_tree: writer
      pgq_coop.finish_batch: reader consumer
      pgq_coop.heartbeat: reader consumer
      pgq_coop.next_batch: reader consumer
      pgq_coop.next_batch_custom: reader consumer
      pgq_coop.register_subconsumer: reader consumer
      pgq_coop.take_over_due: reader consumer
      pgq_coop.unregister_subconsumer: reader consumer
      pgq_coop.version: reader consumer
      pgq_ext.get_last_tick: reader
      pgq_ext.grant_roles: reader
      pgq_ext.refuse_past_batch: reader
      pgq_ext.version: reader
      pgq_ext.set_last_tick: reader
      pgq_ext.set_event_done: reader
      pgq_ext.set_batch_done: reader
      pgq_ext.is_event_done: reader
      pgq_ext.is_batch_done: reader
      """;

  @RegisterExtension static final TestDatabase database = TestDatabase.create();
  @RegisterExtension final Sessions sessions = new Sessions(database);

  private static String reader = "";
  private static String writer = "";
  private static String admin = "";
  private static String nobody = "";

  private Session superuser;
  private String q;

  @BeforeAll
  static void createUsers() throws SQLException {
    reader = database.createUser("in role pgq_reader");
    writer = database.createUser("in role pgq_writer");
    admin = database.createUser("in role pgq_admin");
    nobody = database.createUser("");
  }

  @BeforeEach
  void queueWithABatch() throws SQLException {
    superuser = sessions.open();
    superuser.run("grant create on schema public to public");
    q = sessions.queue("c");
    superuser.insert(q, "x");
    superuser.tick(q);
    sessions.openAs(reader).openBatch(q, "c");
    superuser.run("select pgq_coop.register_subconsumer(?, 'd', 'm')", q);
  }

  /** Each line: a statement, then whether nobody, a reader, a writer and an admin may run it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "select pgq.version() | fail | ok | ok | ok",
        "select pgq.insert_event('$q', 't', 'd') | fail | fail | ok | ok",
        "select pgq.insert_event('$q', 't', 'd', '', '', '', '') | fail | fail | ok | ok",
        "select pgq.insert_events('$q', 't', array['d']) | fail | fail | ok | ok",
        "select pgq.insert_event_at('$q', 't', 'd', 'tomorrow') | fail | fail | ok | ok",
        "select pgq.insert_event_at('$q', 't', 'd', now()) | fail | fail | ok | ok",
        "select pgq.insert_event_once('$q', 'k', 't', 'd', '1 h') | fail | fail | ok | ok",
        "select * from pgq.event_key | fail | fail | fail | ok",
        "select pgq.maint_purge_keys() | fail | fail | fail | ok",
        "select pgq.current_event_table('$q') | fail | fail | ok | ok",
        "insert into $t (ev_type, ev_data) values ('t', 'd') | fail | fail | ok | ok",
        "insert into $t (ev_txid, ev_data) values (1, 'd') | fail | fail | fail | fail",
        "insert into $t (ev_id, ev_data) values (1, 'd') | fail | fail | fail | fail",
        "insert into $t (ev_slot, ev_data) values (0, 'd') | fail | fail | fail | fail",
        "insert into $t (ev_owner, ev_data) values (1, 'd') | fail | fail | fail | fail",
        "insert into pgq.event (ev_data) values ('d') | fail | fail | fail | fail",
        "update pgq.event set ev_data = 'd' | fail | fail | fail | fail",
        "delete from pgq.event | fail | fail | fail | fail",
        "truncate $t | fail | fail | fail | fail",
        "select * from $t | fail | ok | fail | ok",
        "select * from $p | fail | ok | fail | ok",
        "select * from pgq.queue | fail | ok | ok | ok",
        "select * from pgq.tick | fail | ok | fail | ok",
        "select * from pgq.subscription | fail | ok | fail | ok",
        "select * from pgq.retry_queue | fail | fail | fail | ok",
        "select * from pgq.dead_letter | fail | fail | fail | ok",
        "select * from pgq.held_event | fail | fail | fail | ok",
        "select * from pgq.consumer_state | fail | fail | fail | ok",
        "select * from pgq.get_consumer_states('$q') | fail | ok | fail | ok",
        "select pgq.set_consumer_state('$q', 'c', 'h', 1, now(), 's', null) | fail | ok | fail | ok",
        "select * from pgq.get_held_keys('$q', 'c', 1) | fail | ok | fail | ok",
        "select * from pgq.get_held_events('$q', 'c', 1) | fail | ok | fail | ok",
        "select pgq.held_done('$q', 'c', array[1]) | fail | ok | fail | ok",
        "select pgq.held_failed('$q', 'c', array[1], array[interval '0'], array['r']) | fail | ok | fail | ok",
        "select pgq.held_dead('$q', 'c', array[1], array['r']) | fail | ok | fail | ok",
        "select pgq.held_release('$q', 'c') | fail | ok | fail | ok",
        "select pgq.event_hold($b, array[$e], array['k'], array[interval '0'], array['r']) | fail | ok | fail | ok",
        "select * from pgq.get_events('$q', 0, pg_current_snapshot()::text::txid_snapshot,"
            + " pg_current_snapshot()::text::txid_snapshot) | fail | ok | fail | ok",
        "select * from pgq.get_queue_info() | fail | ok | ok | ok",
        "select * from pgq.get_consumer_info() | fail | ok | fail | ok",
        "select pgq.register_consumer('$q', 'new') | fail | ok | fail | ok",
        "select pgq.unregister_consumer('$q', 'c') | fail | ok | fail | ok",
        "select pgq.next_batch('$q', 'c') | fail | ok | fail | ok",
        "select * from pgq.next_batch_info('$q', 'c') | fail | ok | fail | ok",
        "select * from pgq.get_batch_events($b) | fail | ok | fail | ok",
        "select * from pgq.get_batch_cursor($b, 'x', 1) | fail | ok | fail | ok",
        "select * from pgq.get_batch_info($b) | fail | ok | fail | ok",
        "select * from pgq.get_watches() | fail | ok | ok | ok",
        "select pgq.grant_queue('$q', 'pgq_reader', 'produce') | fail | fail | fail | ok",
        "select pgq.revoke_queue('$q', 'pgq_reader', 'consume') | fail | fail | fail | ok",
        "select pgq.event_retry($b, $e, 0) | fail | ok | fail | ok",
        "select pgq.event_dead($b, array[$e], array['r']) | fail | ok | fail | ok",
        "select pgq.event_dead($b, $e, 'r') | fail | ok | fail | ok",
        "select pgq.event_failed($b, $e, 'r') | fail | ok | fail | ok",
        "select pgq.settle_events($b, array[$e], null, array['r'], 0) | fail | fail | fail | fail",
        "select * from pgq.get_dead_letters('$q', 'c') | fail | ok | fail | ok",
        "select pgq.dead_requeue('$q', 'c') | fail | ok | fail | ok",
        "select pgq.dead_requeue('$q', 'c', 1) | fail | ok | fail | ok",
        "select pgq.dead_purge('$q', 'c', '0') | fail | fail | fail | ok",
        "select pgq.batch_retry($b, 0) | fail | ok | fail | ok",
        "select pgq.finish_batch($b) | fail | ok | fail | ok",
        "select pgq_coop.version() | fail | ok | fail | ok",
        "select pgq_coop.register_subconsumer('$q', 'd', 'm') | fail | ok | fail | ok",
        "select pgq_coop.unregister_subconsumer('$q', 'd', 'm', 0) | fail | ok | fail | ok",
        "select pgq_coop.next_batch('$q', 'd', 'm') | fail | ok | fail | ok",
        "select pgq_coop.next_batch('$q', 'd', 'm', '1 hour') | fail | ok | fail | ok",
        "select pgq_coop.next_batch_custom('$q', 'd', 'm', null, 1, null) | fail | ok | fail | ok",
        "select pgq_coop.heartbeat($b) | fail | ok | fail | ok",
        "select pgq_coop.finish_batch($b) | fail | ok | fail | ok",
        "select pgq_coop.take_over_due('$q', 'd', '0') | fail | ok | fail | ok",
        "select pgq_coop.drop_batches(1) | fail | fail | fail | ok",
        "select pgq_ext.version() | fail | ok | fail | ok",
        "select pgq_ext.is_batch_done('c', 1), pgq_ext.set_batch_done('c', 1) | fail | ok | fail | ok",
        "select pgq_ext.is_event_done('c', 1, 1), pgq_ext.set_event_done('c', 1, 1) | fail | ok | fail | ok",
        "select pgq_ext.get_last_tick('c'), pgq_ext.set_last_tick('c', 1) | fail | ok | fail | ok",
        "select * from pgq_ext.completed_batch | fail | fail | fail | ok",
        "delete from pgq_ext.completed_batch | fail | fail | fail | ok",
        "insert into pgq_ext.completed_batch values ('c', '', 1) | fail | fail | fail | fail",
        "insert into pgq.position values (1, 99, 1) | fail | fail | fail | fail",
        "insert into pgq.tick values (1, 99, now()) | fail | fail | fail | fail",
        "select pgq.create_queue('new') | fail | fail | fail | ok",
        "select pgq.drop_queue('$q', true) | fail | fail | fail | ok",
        "select pgq.set_queue_config('$q', 'ticker_paused', 'true') | fail | fail | fail | ok",
        "select pgq.ticker() | fail | fail | fail | ok",
        "select pgq.ticker('$q') | fail | fail | fail | ok",
        "select pgq.force_tick('$q') | fail | ok | fail | ok",
        "select * from pgq.ticker_state(true) | fail | fail | fail | ok",
        "select * from pgq.ticker_leased(1, '1 second') | fail | fail | fail | ok",
        "select pgq.maint_retry_events() | fail | fail | fail | ok",
        "select pgq.maint_rotate_tables_step1('$q') | fail | fail | fail | ok",
        "select pgq.maint_compact() | fail | fail | fail | ok",
        "select * from pgq.maint_operations() | fail | fail | fail | ok",
        "select * from pgq.rebase() | fail | fail | fail | ok",
        "select setval('pgq.ticker_armed', 1) | fail | fail | fail | fail",
        "select setval('pgq.ticker_lease_holder', 1) | fail | fail | fail | fail",
        "create table own (id int); select pgq.watch_table('own', '$q') | fail | fail | ok | ok",
        "select pgq.watch_table('not_mine', '$q') | fail | fail | fail | fail",
        "create function pgq.mine() returns int language sql as 'select 1' | fail | fail | fail | fail",
        "alter function pgq.capture() security invoker | fail | fail | fail | fail",
        "set role pgq_capture | fail | fail | fail | fail",
      })
  void matrix(String statement, String byNobody, String byReader, String byWriter, String byAdmin)
      throws SQLException {
    superuser.run("create table if not exists not_mine (id int)");
    long batch = superuser.openBatch(q, "c");
    String leaf = superuser.text("select pgq.current_event_table(?)", q);
    String sql =
        statement
            .replace("$q", q)
            .replace("$b", String.valueOf(batch))
            .replace("$e", superuser.text("select ev_id from pgq.get_batch_events(?)", batch))
            .replace("$t", leaf)
            .replace("$p", leaf.replaceFirst("_\\d+$", ""));

    assertThat(attempt(nobody, sql)).as("nobody: " + sql).isEqualTo(byNobody);
    assertThat(attempt(reader, sql)).as("reader: " + sql).isEqualTo(byReader);
    assertThat(attempt(writer, sql)).as("writer: " + sql).isEqualTo(byWriter);
    assertThat(attempt(admin, sql)).as("admin: " + sql).isEqualTo(byAdmin);
  }

  private String attempt(String user, String sql) throws SQLException {
    try (Session session = sessions.openAs(user)) {
      session.begin();
      session.run(sql);
      session.rollback();
      return "ok";
    } catch (SQLException e) {
      assertThat(e.getSQLState()).as(e.getMessage()).isEqualTo("42501");
      return "fail";
    }
  }

  @Test
  void userWithoutAnyRightOnTheQueueWritesToAWatchedTable() throws SQLException {
    Session owner = sessions.openAs(writer);
    for (String level : new String[] {"statement", "row"}) {
      owner.run("create table " + level + "_level (id int primary key)");
      owner.run("grant all on " + level + "_level to " + nobody);
      owner.run(
          "select pgq.watch_table(?::text::regclass, ?, jsonb_build_object('level', ?::text))",
          level + "_level",
          q,
          level);
      Session user = sessions.openAs(nobody);
      user.run("insert into " + level + "_level values (1)");
      user.run("update " + level + "_level set id = 2");
      user.run("truncate " + level + "_level");
    }
    superuser.tick(q);
    superuser.finish(superuser.openBatch(q, "c"));

    assertThat(superuser.drain(q, "c")).hasSize(8);
  }

  @Test
  void castThatTheTriggerRunsHasTheRightsOfTheTriggerOnly() throws SQLException {
    Session owner = sessions.openAs(writer);
    owner.run("create type sly as enum ('a')");
    owner.run(
        """
        create function sly_json(sly) returns json language plpgsql as $$
        declare v_got text := current_user || ' ' || current_setting('search_path');
        begin
          begin
            perform from pgq.tick;
            v_got := v_got || ', ticks';
          exception when insufficient_privilege then null;
          end;
          begin
            delete from pgq.event;
            v_got := v_got || ', events';
          exception when insufficient_privilege then null;
          end;
          begin
            perform pgq.create_queue('sly');
            v_got := v_got || ', queues';
          exception when insufficient_privilege then null;
          end;
          begin
            execute 'create table pgq.sly (id int)';
            v_got := v_got || ', tables';
          exception when insufficient_privilege then null;
          end;
          return to_json(v_got);
        end $$""");
    owner.run("create cast (sly as json) with function sly_json(sly)");
    owner.run("create table sly_table (v sly)");
    owner.run("select pgq.watch_table('sly_table', ?)", q);
    superuser.run("insert into sly_table values ('a')");
    superuser.tick(q);
    superuser.finish(superuser.openBatch(q, "c"));

    assertThat(superuser.drain(q, "c"))
        .containsExactly("{\"v\":\"pgq_capture pg_catalog, pg_temp\"}");
  }

  @Test
  void objectsOfTheCallerShadowNothing() throws SQLException {
    Session user = sessions.openAs(database.createUser("in role pgq_writer"));
    superuser.run(
        "do $$ begin execute format('grant all on database %I to public', current_database()); end $$");
    user.run("create schema authorization current_user");
    user.run(
        """
        create function hostile() returns int language plpgsql as
        'begin raise ''called as %'', current_user; end'""");
    user.run("create temp table queue (queue_id int, queue_name text)");
    user.run("create temp table event (ev_id int)");
    user.run(
        "create function now() returns timestamptz language sql"
            + " as 'select hostile()::text::timestamptz'");
    user.run(
        "create function txid_current() returns bigint language sql as 'select hostile()::bigint'");
    user.run(
        "create function nextval(regclass) returns bigint language sql"
            + " as 'select hostile()::bigint'");
    user.run(
        "create function same(text, text) returns bool language sql as 'select hostile() = 1'");
    user.run("create operator = (function = same, leftarg = text, rightarg = text)");
    user.run(
        "create function same(bigint, int) returns bool language sql as 'select hostile() = 1'");
    user.run("create operator = (function = same, leftarg = bigint, rightarg = integer)");
    user.run(
        "create function pg_sequence_last_value(regclass) returns bigint language sql"
            + " as 'select hostile()::bigint'");
    user.run("create domain regclass as text check (hostile() = 1)");
    user.run("create domain bigint as text check (hostile() = 1)");
    user.run("set search_path = \"$user\", pg_temp, public, pg_catalog");
    user.run("create table shadowed (id int)");
    user.run("select pgq.watch_table('shadowed'::pg_catalog.regclass, '" + q + "')");
    user.run("insert into shadowed values (1)");
    user.run("select pgq.insert_event('" + q + "', 't', 'x')");
    user.run("select pgq.insert_events('" + q + "', 't', array['y'])");
    superuser.tick(q);
    superuser.finish(superuser.openBatch(q, "c"));

    assertThat(superuser.drain(q, "c")).containsExactly("{\"id\":1}", "x", "y");
  }

  @Test
  void conditionRunsWithTheRightsOfTheTrigger() throws SQLException {
    Session owner = sessions.openAs(writer);
    owner.run("create table filtered (id int)");
    superuser.run(
        "create or replace function public.who() returns text language sql as 'select current_user'");
    owner.run(
        "select pgq.watch_table('filtered', ?, '{\"where\": \"public.who() = ''pgq_capture''\"}')",
        q);
    superuser.run("insert into filtered values (1)");
    superuser.tick(q);
    superuser.finish(superuser.openBatch(q, "c"));

    assertThat(superuser.drain(q, "c")).containsExactly("{\"id\":1}");
  }

  @Test
  void extraConditionOfACursorRunsWithTheRightsOfItsCaller() throws SQLException {
    Session consumer = sessions.openAs(reader);
    superuser.run("create table if not exists not_mine (id int)");
    long batch = consumer.openBatch(q, "c");
    consumer.begin();

    consumer.fails(
        "42501",
        "select * from pgq.get_batch_cursor(?, 'x', 1, 'exists (select from not_mine)')",
        batch);
  }

  /** Deny by default: what is not named here, an admin alone may call. */
  @Test
  void functionsThatOthersThanAdminsMayCall() throws SQLException {
    String producer = database.createUser("");
    String consumer = database.createUser("");
    superuser.run("select pgq.grant_queue(?, ?, 'produce')", q, producer);
    superuser.run("select pgq.grant_queue(?, ?, 'consume')", q, consumer);

    assertThat(
            superuser.rows(
                """
                select f.name || ': ' || string_agg(u.says, ' ' order by u.place)
                from (
                  select
                    pronamespace::regnamespace || '.' || replace(proname, queue_id::text, '<id>') as name,
                    p.oid
                  from pg_proc p
                  join pgq.queue on queue_name = '%s'
                  where pronamespace::regnamespace::text in ('pgq', 'pgq_coop', 'pgq_ext')
                    and proname !~ ('^event_(?!' || queue_id || '_)[0-9]+_read$')) f
                join (values
                  (1, '%s', 'nobody'), (2, '%s', 'reader'), (3, '%s', 'writer'),
                  (4, '%s', 'producer'), (5, '%s', 'consumer')) u (place, role, says)
                  on has_function_privilege(u.role, f.oid, 'execute')
                group by f.name, f.oid"""
                    .formatted(q, nobody, reader, writer, producer, consumer)))
        .containsOnly(MAY_BE_CALLED.strip().split("\n"));
  }

  @Test
  void everyFunctionWithTheRightsOfItsOwnerPinsTheSearchPath() throws SQLException {
    assertThat(
            superuser.rows(
                "select oid::regprocedure from pg_proc where pronamespace = 'pgq'::regnamespace"
                    + " and prosecdef and not 'search_path=pg_catalog, pg_temp' ="
                    + " any (coalesce(proconfig, '{}'))"))
        .containsExactly("pgq.insert_event(text,text,text,text,text,text,text)");
  }

  @Test
  void publicHasNoRightOnAnything() throws SQLException {
    assertThat(
            superuser.rows(
                """
                select oid::regprocedure::text from pg_proc
                where pronamespace = 'pgq'::regnamespace
                  and has_function_privilege('%1$s', oid, 'execute')
                union all
                select oid::regclass::text from pg_class
                where relnamespace = 'pgq'::regnamespace and relkind in ('r', 'p', 'v')
                  and relname not like 'schema_history%%' and relname not like 'flyway%%'
                  and has_any_column_privilege('%1$s', oid, 'select, insert, update')"""
                    .formatted(nobody)))
        .isEmpty();
  }

  /** Arguments of a trigger are its creator's to choose, and one of them is run as SQL. */
  @ParameterizedTest
  @ValueSource(strings = {"ev_txid", "ev_owner", "ev_retry"})
  void ownTriggerCannotForgeWhatTheQueueReliesOn(String column) throws SQLException {
    Session owner = sessions.openAs(writer);
    owner.run("create temp table forgery (id int)");
    owner.run(
        """
        create trigger forge after insert on forgery referencing new table as n
          for each statement execute function pgq.capture('%s', '{}', '{}', '',
            'insert into pgq.event (ev_id, ev_time, ev_queue, ev_slot, %s) select 1, now(), 1, 0, 9 from n')"""
            .formatted(q, column));

    owner.fails("42501", "insert into forgery values (1)");
  }

  @Test
  void copyCannotForgeWhatTheQueueReliesOn() throws Exception {
    Session producer = sessions.openAs(writer);
    String leaf = producer.text("select pgq.current_event_table(?)", q);
    for (String column :
        List.of("ev_id", "ev_txid", "ev_owner", "ev_retry", "ev_queue", "ev_slot")) {
      Session.failsWith(
          "42501", () -> producer.copy(leaf + " (" + column + ", ev_data)", "1\tx\n"));
    }
    producer.copy(leaf + " (ev_type, ev_data)", "t\tcopied\n");
    superuser.tick(q);
    superuser.finish(superuser.openBatch(q, "c"));

    assertThat(superuser.drain(q, "c")).containsExactly("copied");
  }
}
