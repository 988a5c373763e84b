package io.pgq4j.examples.notify;

import io.pgq4j.Consumer;
import io.pgq4j.ConsumerRunner;
import io.pgq4j.Event;
import io.pgq4j.EventWriter;
import io.pgq4j.QueueAdmin;
import java.sql.Connection;
import java.util.Objects;
import javax.sql.DataSource;

/** On pgq4j: what was sent while the receiver was away waits for it. The time is the event's. */
final class PgQueue implements Channel {
  private final DataSource dataSource;
  private final String name;
  private final EventWriter writer;

  PgQueue(DataSource dataSource, String name) {
    this.dataSource = dataSource;
    this.name = name;
    writer = EventWriter.to(name);
    QueueAdmin.of(dataSource).createQueue(name);
  }

  @Override
  public void send(Connection connection, String data) {
    writer.insert(connection, "message", data);
  }

  @Override
  public ConsumerRunner receive(Callback callback) {
    QueueAdmin.of(dataSource).register(name, "receiver");
    Consumer consumer = Consumer.of(name, "receiver", event -> hand(event, callback));
    ConsumerRunner runner = ConsumerRunner.builder(dataSource).add(consumer).build();
    runner.start();
    return runner;
  }

  private static void hand(Event event, Callback callback) throws Exception {
    callback.received(event.time(), Objects.requireNonNull(event.data()));
  }
}
