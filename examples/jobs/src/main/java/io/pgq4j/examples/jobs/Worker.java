package io.pgq4j.examples.jobs;

import io.pgq4j.ConsumerConfig;
import io.pgq4j.ConsumerRunner;
import io.pgq4j.Databases;
import io.pgq4j.RetryPolicy;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;

/** A process of the farm: {@code Worker NAME}, its database in the environment (PGQ_URL). */
public final class Worker {
  private static final int REPORTS_AT_ONCE = 4;

  private Worker() {}

  /** Runs until its standard input ends: so no worker outlives the farm. */
  public static void main(String[] args) throws SQLException, IOException {
    String name = args[0];
    DataSource dataSource = Databases.dataSource();
    RunningJobs running = new RunningJobs();
    try (JobDesk desk = new JobDesk(dataSource);
        ConsumerRunner runner =
            ConsumerRunner.builder(dataSource)
                .add(new ReportConsumer(desk, running, name), farm(name))
                .add(new ControlConsumer(running, name))
                .build()) {
      runner.start();
      while (System.in.read() >= 0) {}
    }
  }

  private static ConsumerConfig farm(String name) {
    return ConsumerConfig.builder()
        .member(name)
        .deadAfter(Duration.ofSeconds(2))
        .unordered(REPORTS_AT_ONCE)
        .retryPolicy(
            RetryPolicy.builder()
                .maxAttempts(ReportConsumer.ATTEMPTS)
                .backoff(Duration.ofSeconds(1), Duration.ofSeconds(5))
                .build())
        .build();
  }
}
