package io.pgq4j.testing.history;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Writes the events of one transaction, counts them, and books them in the ledger. */
final class Transaction {

  private static final int SUBTRANSACTIONS = 70;

  /** Watched tables: one for each statement, one for each row. */
  private static final List<String> TABLES = List.of("history.item", "history.row_item");

  private final String name;
  private final String queue;
  private final Db db;
  private final Random random;
  private final List<Integer> counts = new ArrayList<>();

  Transaction(String name, String queue, Db db, Random random) {
    this.name = name;
    this.queue = queue;
    this.db = db;
    this.random = random;
  }

  /** Writes events by one statement, or a few. */
  void write(Write kind) throws SQLException {
    switch (kind) {
      case EVENT -> insertEvent(mark(0));
      case EVENTS -> insertEvents(1 + random.nextInt(5));
      case COPY_EVENTS -> copyEvents(1 + random.nextInt(3));
      case BLOCK -> db.rows("select history.insert_in_block(?, ?, ?)", queue, name, mark(0));
      case BLOCKS ->
          db.rows(
              "select history.insert_in_blocks(?, ?, ?, ?)",
              queue,
              name,
              mark() + "/",
              SUBTRANSACTIONS);
      case ROLLED_BACK -> {
        db.run("savepoint undone");
        insertEvent(name + "/x/0");
        db.run("rollback to undone");
        insertEvent(mark(0));
      }
      case SAVED -> {
        db.run("savepoint saved");
        insertEvent(mark(0));
        db.run("release saved");
      }
      case INSERT_ROWS, COPY_ROWS, UPDATE_ROWS, REPLACE_ROW, DELETE_ROWS, SHIFT_KEYS ->
          changeRows(kind);
    }
    switch (kind) {
      case EVENT, BLOCK, ROLLED_BACK, SAVED -> counts.add(1);
      case BLOCKS -> counts.add(SUBTRANSACTIONS);
      default -> {}
    }
  }

  private void insertEvent(String mark) throws SQLException {
    db.rows("select pgq.insert_event(?, 'event', 'data', null, null, null, ?)", queue, mark);
  }

  private void insertEvents(int number) throws SQLException {
    String marks = IntStream.range(0, number).mapToObj(this::mark).collect(Collectors.joining(","));
    db.rows(
        "select pgq.insert_events(?, null, array_fill('data'::text, array[?::int]), null, null, null,"
            + " string_to_array(?, ','))",
        queue,
        number,
        marks);
    counts.add(number);
  }

  private void copyEvents(int number) throws SQLException {
    String table = db.row("select pgq.current_event_table(?)", queue).text(0);
    String rows =
        IntStream.range(0, number)
            .mapToObj(place -> "copied\tdata\t%s\n".formatted(mark(place)))
            .collect(Collectors.joining());
    counts.add(db.copy(table + " (ev_type, ev_data, ev_extra4)", rows));
  }

  private void changeRows(Write kind) throws SQLException {
    String table = TABLES.get(kind == Write.SHIFT_KEYS ? 0 : random.nextInt(TABLES.size()));
    setHeaders();
    switch (kind) {
      case INSERT_ROWS ->
          counts.add(
              db.run(
                  ("insert into %s select base.id + k, 1, k from (select nextval('history.item_id')"
                          + " as id) base, generate_series(0, ?) k order by k")
                      .formatted(table),
                  random.nextInt(6)));
      case COPY_ROWS -> {
        long base = db.number("select nextval('history.item_id')");
        String rows =
            IntStream.rangeClosed(0, random.nextInt(6))
                .mapToObj(place -> "%s\t1\t%s\n".formatted(base + place, place))
                .collect(Collectors.joining());
        counts.add(db.copy(table + " (id, v, k)", rows));
      }
      case UPDATE_ROWS ->
          counts.add(
              db.run(
                  ("update %1$s set v = v + 1 where id in (select id from %1$s where id between ? and"
                          + " ? order by id for update)")
                      .formatted(table),
                  1 + random.nextInt(Rows.CONTESTED / 2),
                  1 + random.nextInt(Rows.CONTESTED)));
      case REPLACE_ROW -> {
        int id = 1 + random.nextInt(Rows.CONTESTED);
        List<Db.Row> deleted =
            db.rows("delete from %s where id = ? returning v".formatted(table), id);
        counts.add(deleted.size());
        if (!deleted.isEmpty()) {
          setHeaders();
          long version = deleted.get(0).number(0) + 1;
          counts.add(db.run("insert into %s values (?, ?, 0)".formatted(table), id, version));
        }
      }
      case DELETE_ROWS ->
          counts.add(
              db.run(
                  ("delete from %1$s where id in (select id from %1$s where id >= ? order by id"
                          + " limit ? for update skip locked)")
                      .formatted(table),
                  Rows.FRESH,
                  random.nextInt(12)));
      default -> counts.add(shiftKeys(table));
    }
  }

  /** One transaction at a time, and none while others delete the rows: or keys would collide. */
  private int shiftKeys(String table) throws SQLException {
    if (!db.row("select pg_try_advisory_xact_lock(hashtext('shift keys'))")
        .text(0)
        .equals("true")) {
      return 0;
    }
    String shift =
        "update TABLE set id = id + 1, k = -1 where id in (select i.id from TABLE i where"
            + " i.id / 100 = (select max(id) / 100 from TABLE where id >= ?) and not exists (select"
            + " from TABLE where id % 100 = 99) for update nowait)";
    return 2 * db.run(shift.replace("TABLE", table), Rows.FRESH);
  }

  /** Captured events carry it as their headers. */
  private void setHeaders() throws SQLException {
    db.rows("select set_config('pgq.headers', ?, true)", mark());
  }

  private String mark() {
    return name + "/" + counts.size();
  }

  private String mark(int place) {
    return mark() + "/" + place;
  }

  /** Nothing is written after this. */
  void book() throws SQLException {
    if (!counts.isEmpty()) {
      db.rows("select history.book(?, ?)", name, booking());
    }
  }

  private String booking() {
    return counts.stream().map(String::valueOf).collect(Collectors.joining(","));
  }
}
