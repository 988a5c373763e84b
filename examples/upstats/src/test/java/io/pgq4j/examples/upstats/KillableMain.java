package io.pgq4j.examples.upstats;

import io.pgq4j.Databases;
import java.net.URI;
import java.util.concurrent.CountDownLatch;

/** UpStats in a process of its own: database from the environment, address of the Bot API. */
final class KillableMain {
  private KillableMain() {}

  @SuppressWarnings("try")
  public static void main(String[] args) throws InterruptedException {
    try (Running running = new Running(Databases.dataSource(null), URI.create(args[0]))) {
      new CountDownLatch(1).await();
    }
  }
}
