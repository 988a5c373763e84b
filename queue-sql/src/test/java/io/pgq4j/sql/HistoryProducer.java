package io.pgq4j.sql;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;

/** Writes events in every way there is, in short, long and prepared transactions. */
final class HistoryProducer implements Callable<Object> {

  private static final String[] ISOLATIONS = {
    "read committed", "read committed", "repeatable read", "serializable"
  };

  private final int number;
  private final String queue;
  private final long end;
  private final Session session;
  private final Session slow;
  private final Random random;
  private final List<List<String>> committed = new ArrayList<>();
  private final List<String> prepared = new ArrayList<>();
  private List<String> open = new ArrayList<>();
  private int transactions;

  /** The slow session's transactions last as long as many of the other's. */
  HistoryProducer(
      int number, String queue, long end, Session session, Session slow, Random random) {
    this.number = number;
    this.queue = queue;
    this.end = end;
    this.session = session;
    this.slow = slow;
    this.random = random;
  }

  /** The events of each transaction that was committed, in statement order. */
  List<List<String>> committed() {
    return committed;
  }

  @Override
  public Object call() throws SQLException {
    List<String> ofSlow = new ArrayList<>();
    boolean slowIsOpen = false;
    for (int i = 0; System.nanoTime() < end; i++) {
      if (i % 25 == 0) {
        if (slowIsOpen) {
          write(slow, ofSlow, "slow" + i);
          slow.commit();
          committed.add(ofSlow);
        }
        slow.beginWithSnapshot(ISOLATIONS[random.nextInt(3)]);
        ofSlow = new ArrayList<>();
        slowIsOpen = true;
        if (random.nextBoolean()) {
          write(slow, ofSlow, "slow" + (i + 25));
        }
      }
      transaction();
      if (prepared.size() > 2) {
        finishPrepared();
      }
    }
    finishPrepared();
    slow.rollback();
    return committed;
  }

  private void transaction() throws SQLException {
    open = new ArrayList<>();
    String name = "t" + transactions++;
    try {
      session.begin(ISOLATIONS[random.nextInt(ISOLATIONS.length)]);
      for (int i = random.nextInt(4); i >= 0; i--) {
        write(session, open, name);
      }
      // a prepared transaction holds its row locks: no counters in it
      int end = random.nextInt(10);
      if (end == 0) {
        session.rollback();
      } else if (end == 1) {
        String id = "p%s_%s".formatted(number, name);
        session.run("prepare transaction '" + id + "'");
        prepared.add(id);
        committed.add(open);
      } else {
        if (end > 5) {
          session.run("update counters set v = v + 1 where id = ?", 1 + random.nextInt(4));
        }
        session.commit();
        committed.add(open);
      }
    } catch (SQLException e) {
      session.rollback();
      if (!"40001".equals(e.getSQLState())) {
        throw e;
      }
    }
  }

  private void finishPrepared() throws SQLException {
    for (String id : prepared) {
      session.run("commit prepared '" + id + "'");
    }
    prepared.clear();
  }

  private void write(Session session, List<String> events, String transaction) throws SQLException {
    String data = "%s-%s/%s".formatted(number, transaction, events.size());
    switch (random.nextInt(5)) {
      case 0 -> {
        String second = "%s-%s/%s".formatted(number, transaction, events.size() + 1);
        session.run("select pgq.insert_events(?, 't', array[?, ?])", queue, data, second);
        events.add(data);
        events.add(second);
      }
      case 1 -> {
        String table = session.text("select pgq.current_event_table(?)", queue);
        session.run("insert into " + table + " (ev_type, ev_data) values ('t', ?)", data);
        events.add(data);
      }
      case 2 -> {
        session.run("savepoint a");
        session.insert(queue, "rolled back");
        session.run("rollback to a");
        session.insert(queue, data);
        events.add(data);
      }
      case 3 -> {
        session.run("savepoint b");
        session.insert(queue, data);
        session.run("release b");
        events.add(data);
      }
      default -> {
        session.insert(queue, data);
        events.add(data);
      }
    }
  }
}
