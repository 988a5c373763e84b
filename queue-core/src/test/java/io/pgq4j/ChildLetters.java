package io.pgq4j;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * What {@link ChildJvm} runs: a consumer by key that notes in a table what it has done, and fails
 * now and then.
 */
final class ChildLetters extends Consumer {
  private final DataSource dataSource;

  private ChildLetters(String queue, DataSource dataSource) {
    super(queue, Fixture.CONSUMER);
    this.dataSource = dataSource;
  }

  /** Argument: queue. */
  public static void main(String[] arguments) {
    DataSource dataSource = Databases.dataSource(null);
    ConsumerConfig config =
        ConsumerConfig.builder()
            .byKey(8)
            .retryPolicy(
                RetryPolicy.builder()
                    .maxAttempts(1_000)
                    .backoff(Duration.ofMillis(1), Duration.ofMillis(100))
                    .build())
            .build();
    ConsumerRunner.builder(dataSource)
        .add(new ChildLetters(arguments[0], dataSource), config)
        .build()
        .start();
    System.out.println("STARTED");
  }

  @Override
  protected @Nullable String key(Event event) {
    return String.valueOf(event.data()).substring(0, 1);
  }

  @Override
  protected void process(Event event) throws Exception {
    if (ThreadLocalRandom.current().nextInt(5) == 0) {
      throw new IllegalStateException("bad luck");
    }
    try (Connection connection = dataSource.getConnection();
        PreparedStatement insert =
            connection.prepareStatement("insert into done (data) values (?)")) {
      insert.setString(1, event.data());
      insert.execute();
    }
  }
}
