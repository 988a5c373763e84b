package io.pgq4j.admin.web;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/**
 * What the console is shown: queues, a hostile one among them, consumers and what they failed at.
 */
final class Shop {
  static final String HOSTILE = "<img src=x onerror=document.title='owned'>";

  private final DataSource database;

  Shop(DataSource database) {
    this.database = database;
  }

  void fill() throws SQLException {
    execute("select pgq.create_queue(q) from unnest(array['audit', 'invoices', 'jobs']) q");
    execute("select pgq.create_queue($q$%s$q$)".formatted(HOSTILE));
    execute(
        "select pgq.register_consumer(q, c) from (values ('jobs', 'mailer'), ('jobs', 'search'),"
            + " ('invoices', 'archiver')) v (q, c)");
    execute(
        "select pgq.set_consumer_state('jobs', 'mailer', 'app-1', 4711, now() - interval '26"
            + " hours', 'running', null), pgq.set_consumer_state('jobs', 'search', 'app-2', 812,"
            + " now() - interval '3 hours', 'backing_off', 'java.net.ConnectException: Connection"
            + " refused')");
    execute(
        """
        select pgq.insert_event('jobs', case i % 3 when 0 then 'UPDATE' else 'INSERT' end,
          json_build_object('id', i, 'title', 'Java developer', 'city', 'Tallinn',
            'salary', 12345678901234567890, 'tags', array['java', 'postgres'])::text,
          'public.job', null, 'id', null)
        from generate_series(1, 120) i
        """);
    execute("select pgq.insert_event('jobs', 'hostile', $q$%s$q$)".formatted(HOSTILE));
    tick("jobs");
    giveUp("mailer", 3);
    execute(
        "select pgq.event_retry(b, (select max(ev_id) from pgq.get_batch_events(b)), 600)"
            + " from pgq.next_batch('jobs', 'search') b");
  }

  /** Events come, and are finished, by all but one. */
  void work(int events) throws SQLException {
    execute(
        "select pgq.insert_event('jobs', 'INSERT', '{\"id\": 1}') from generate_series(1, %d)"
            .formatted(events));
    execute("select pgq.insert_event('invoices', 'paid', '{\"id\": 1}')");
    execute("select pgq.ticker()");
    execute("select pgq.finish_batch(b) from pgq.next_batch('invoices', 'archiver') b where b > 0");
    execute("select pgq.next_batch('jobs', 'mailer')");
    execute(
        "select pgq.finish_batch(sub_batch) from pgq.subscription where sub_batch > 0 and sub_id ="
            + " 1");
  }

  /** Has a consumer give up the last events of a batch, and finish it. */
  void giveUp(String consumer, int events) throws SQLException {
    execute(
        """
        do $$
        declare
          v_batch bigint := pgq.next_batch('jobs', '%s');
        begin
          perform pgq.event_dead(v_batch, e.ev_id, 'io.example.MailException: no such mailbox')
          from (select ev_id from pgq.get_batch_events(v_batch) order by ev_id desc limit %d) e;
          perform pgq.finish_batch(v_batch);
        end $$
        """
            .formatted(consumer, events));
  }

  void tick(String queue) throws SQLException {
    execute("select pgq.force_tick('%1$s'), pgq.ticker('%1$s')".formatted(queue));
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
