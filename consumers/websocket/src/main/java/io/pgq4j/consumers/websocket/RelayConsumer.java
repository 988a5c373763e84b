package io.pgq4j.consumers.websocket;

import io.pgq4j.Batch;
import io.pgq4j.Consumer;
import io.pgq4j.Event;
import io.pgq4j.daemon.Startable;
import javax.sql.DataSource;

/** Puts the events of a queue into its ring, and wakes the readers. */
final class RelayConsumer extends Consumer implements Startable, AutoCloseable {
  private static final int WAKE_EVERY = 256;

  private final EventServer server;
  private final Ring ring;

  RelayConsumer(EventServer server, String queue, String name, Ring ring) {
    super(queue, name);
    this.server = server;
    this.ring = ring;
  }

  /** The batch is finished only after all of it is in the ring. */
  @Override
  protected void processBatch(Batch batch) {
    ring.begin(batch.previousTick());
    int count = 0;
    for (Event event : batch) {
      ring.add(new Entry(batch.tick(), queue(), event));
      if (++count % WAKE_EVERY == 0) {
        server.wake(queue());
      }
    }
    ring.advance(batch.tick());
    server.wake(queue());
  }

  @Override
  public void start(DataSource database) {
    server.start(database);
  }

  @Override
  public void close() {
    server.close();
  }
}
