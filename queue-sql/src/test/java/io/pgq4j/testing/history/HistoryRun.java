package io.pgq4j.testing.history;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/**
 * A history: everyone at once, for a while, then the rest is read and checked.
 *
 * <pre>{@code
 * HistoryRun.of(database.dataSource()).with(Role.PRODUCER, 4).with(Role.PLAIN, 2).run();
 * }</pre>
 *
 * <p>The seed decides what each actor tries; in which order they get at it, and where they are cut
 * off, is the machine's.
 */
public final class HistoryRun {

  private static final AtomicInteger QUEUES = new AtomicInteger();

  private final DataSource dataSource;
  private final Map<Role, Integer> roles = new EnumMap<>(Role.class);
  private Set<Write> writes = EnumSet.allOf(Write.class);
  private Set<Shape> shapes = EnumSet.allOf(Shape.class);
  private Duration length = Duration.ofSeconds(3);
  private long seed = new Random().nextLong();

  private HistoryRun(DataSource dataSource) {
    this.dataSource = dataSource;
    with(Role.TICKER, 1).with(Role.MAINTAINER, 1).with(Role.OBSERVER, 1).with(Role.COMMITTER, 1);
  }

  /**
   * On a database with the schema pgq; its user has to be a superuser. Tickers, maintenance: one.
   */
  public static HistoryRun of(DataSource dataSource) {
    return new HistoryRun(dataSource);
  }

  public HistoryRun with(Role role, int number) {
    roles.put(role, number);
    return this;
  }

  /** Only these kinds of statements; default all. */
  public HistoryRun writing(Write first, Write... more) {
    writes = EnumSet.of(first, more);
    return this;
  }

  /** Only these kinds of short transactions; default all. */
  public HistoryRun shaped(Shape first, Shape... more) {
    shapes = EnumSet.of(first, more);
    return this;
  }

  /** How long, until the rest is read; 3 seconds. It ends at the first broken promise. */
  public HistoryRun lasting(Duration length) {
    this.length = length;
    return this;
  }

  /** Default: a new one each time. */
  public HistoryRun seed(long seed) {
    this.seed = seed;
    return this;
  }

  /**
   * Runs it.
   *
   * @return what it was made of
   * @throws AssertionError a promise was broken
   */
  public String run() throws SQLException, InterruptedException {
    History history = new History();
    String queue = "history " + QUEUES.incrementAndGet();
    try (Db db = new Db(dataSource, "history")) {
      prepare(db, queue);
      World world = new World(dataSource, queue, history, writes, shapes);
      List<Actor> actors = actors(world);
      try {
        for (Actor actor : actors) {
          if (actor instanceof Reader reader) {
            reader.register();
          }
        }
        live(world, actors);
        if (history.broken().isEmpty()) {
          new Epilogue(world, db, actors).run();
        }
      } finally {
        actors.forEach(actor -> actor.db.close());
        cleanUp(db, queue);
      }
    }
    if (!history.broken().isEmpty()) {
      throw new AssertionError(
          "seed %s, %s: %s".formatted(seed, history.counts(), String.join("\n", history.broken())));
    }
    return history.counts();
  }

  private static void prepare(Db db, String queue) throws SQLException {
    db.run(script());
    db.rows("select pgq.create_queue(?)", queue);
    db.rows("select pgq.set_queue_config(?, 'rotation_period', '0')", queue);
    db.rows("select pgq.watch_table('history.item', ?)", queue);
    db.rows("select pgq.watch_table('history.row_item', ?, '{\"level\": \"row\"}')", queue);
    for (Db.Row leaf :
        db.rows(
            "select p.relid::regclass::text from pgq.queue q, pg_partition_tree(q.queue_data_pfx::"
                + "regclass) p where p.isleaf and q.queue_name = ?",
            queue)) {
      db.run(
          "create trigger note_emptied before truncate on %s execute function history.note_emptied()"
              .formatted(leaf.text(0)));
    }
  }

  private static String script() {
    try (InputStream in =
        Objects.requireNonNull(HistoryRun.class.getResourceAsStream("history.sql"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<Actor> actors(World world) {
    List<Actor> actors = new ArrayList<>();
    roles.forEach(
        (role, number) -> {
          for (int i = 1; i <= number; i++) {
            String name = role.name().toLowerCase(Locale.ROOT) + i;
            actors.add(role.make(world, name, new Random(seed * 31 + name.hashCode())));
          }
        });
    return actors;
  }

  private void live(World world, List<Actor> actors) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (Actor actor : actors) {
      Thread thread = new Thread(actor::live, actor.name);
      thread.start();
      threads.add(thread);
    }
    try {
      long end = System.nanoTime() + length.toNanos();
      while (System.nanoTime() < end && world.history.broken().isEmpty()) {
        world.awaitTicks(10);
      }
    } finally {
      world.end();
      for (Thread thread : threads) {
        thread.join();
      }
    }
  }

  /**
   * A prepared transaction outlives its database's sessions, and would hold up the next history.
   */
  private static void cleanUp(Db db, String queue) throws SQLException {
    for (Db.Row prepared :
        db.rows("select gid from pg_prepared_xacts where database = current_database()")) {
      db.run("rollback prepared '" + prepared.text(0) + "'");
    }
    db.run("drop schema if exists history cascade");
    db.rows("select pgq.drop_queue(?, true)", queue);
  }
}
