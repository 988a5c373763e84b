package io.pgq4j.examples.notify;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;

/** Plays all scenes on one channel, and counts what its receiver got. For one run. */
@SuppressWarnings("try") // a receiver is only there
final class Trial {
  /** When so long nothing has arrived, nothing will. Longer than the pause before a retry. */
  private static final Duration SILENCE = Duration.ofSeconds(3);

  private final DataSource dataSource;
  private final Channel channel;
  private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
  private final Map<Scene, Integer> counts = new EnumMap<>(Scene.class);
  private final List<Duration> delays = new ArrayList<>();
  private final AtomicBoolean failed = new AtomicBoolean();

  private record Arrival(Scene scene, Duration delay) {}

  Trial(DataSource dataSource, Channel channel) {
    this.dataSource = dataSource;
    this.channel = channel;
  }

  void run() throws Exception {
    try (AutoCloseable receiver = channel.receive(this::received)) {
      for (int i = 1; i <= Scene.THERE.sent; i++) {
        send(Scene.THERE.text("number " + i));
        count(1);
      }
    }
    send(Scene.AWAY.text("one"));
    send(Scene.AWAY.text("two"));
    try (AutoCloseable receiver = channel.receive(this::received)) {
      send(Scene.FAILED.text("once"));
      rollBack(Scene.ROLLED_BACK.text("never"));
      sendIfTaken(Scene.LARGE.text("x".repeat(9_000)));
      count(Scene.AWAY.sent + Scene.FAILED.sent + Scene.LARGE.sent);
    }
  }

  private void received(Instant sent, String data) {
    Scene scene = Scene.of(data);
    if (scene == Scene.FAILED && failed.compareAndSet(false, true)) {
      throw new IllegalStateException("the callback fails, this once");
    }
    arrivals.add(new Arrival(scene, Duration.between(sent, Instant.now())));
  }

  /** Waits for so many, or until no more come. */
  private void count(int expected) throws InterruptedException {
    for (int i = 0; i < expected; i++) {
      Arrival arrival = arrivals.poll(SILENCE.toMillis(), TimeUnit.MILLISECONDS);
      if (arrival == null) {
        return;
      }
      counts.merge(arrival.scene(), 1, Integer::sum);
      if (arrival.scene() == Scene.THERE) {
        delays.add(arrival.delay());
      }
    }
  }

  private void send(String text) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      channel.send(connection, text);
    }
  }

  private void sendIfTaken(String text) throws SQLException {
    try {
      send(text);
    } catch (SQLException e) {
      if (!"22023".equals(e.getSQLState())) {
        throw e;
      }
      // NOTIFY: the payload is too long.
    }
  }

  private void rollBack(String text) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      channel.send(connection, text);
      connection.rollback();
    }
  }

  /** How many texts of a scene have arrived. */
  int received(Scene scene) {
    return counts.getOrDefault(scene, 0);
  }

  /** From sending to the callback, where the receiver was there: the middle one. */
  Duration medianDelay() {
    Collections.sort(delays);
    return delays.get(delays.size() / 2);
  }
}
