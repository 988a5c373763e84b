package io.pgq4j.testing.history;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** After the history: all that is prepared is ended, all that is left is read, by everyone. */
final class Epilogue {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final World world;
  private final Db db;
  private final List<Actor> actors;

  Epilogue(World world, Db db, List<Actor> actors) {
    this.world = world;
    this.db = db;
    this.actors = actors;
  }

  void run() throws SQLException, InterruptedException {
    for (Actor actor : actors) {
      if (actor instanceof Committer) {
        drain(actor);
      }
    }
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    boolean isWaiting = true;
    while (isWaiting) {
      db.rows("select pgq.maint_retry_events()");
      db.rows("select pgq.force_tick(?)", world.queue);
      db.rows("select pgq.ticker(?)", world.queue);
      for (Actor actor : actors) {
        if (actor instanceof Reader) {
          drain(actor);
        }
      }
      isWaiting =
          db.number(
                  "select count(*) from pgq.retry_queue join pgq.queue on queue_id = ev_queue where"
                      + " queue_name = ?",
                  world.queue)
              > 0;
      if (System.nanoTime() > deadline) {
        world.history.record(new Fact.Failed("epilogue", "retried events do not come back"));
        return;
      }
    }
    for (Actor actor : actors) {
      if (actor instanceof Reader reader) {
        world.history.record(new Fact.Drained(reader.consumer, last()));
      }
    }
    Db.Row total = db.row("select * from history.total()");
    world.history.record(new Fact.Total(total.number(0), total.number(1)));
  }

  /** Lets an actor do what is left to do, unless it breaks a promise. */
  private void drain(Actor actor) throws InterruptedException {
    while (world.history.broken().isEmpty() && actor.attempt()) {
      // until there is nothing
    }
  }

  private Tick last() throws SQLException {
    Db.Row row =
        db.row(
            "select tick_id, tick_snapshot::text from pgq.tick where tick_queue = (select queue_id"
                + " from pgq.queue where queue_name = ?) order by tick_id desc limit 1",
            world.queue);
    return new Tick(row.number(0), Snapshot.parse(row.text(1)));
  }
}
