package io.pgq4j;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** What {@link ChildJvm} runs: a consumer that tells on stdout what it does. */
final class ChildConsumer extends Consumer {
  private final String mode;

  private ChildConsumer(String queue, String mode) {
    super(queue, Fixture.CONSUMER);
    this.mode = mode;
  }

  /** Arguments: queue, "hang" to stay in the batch or "count", and perhaps the name of a member. */
  public static void main(String[] arguments) {
    ConsumerConfig.Builder config =
        ConsumerConfig.builder()
            .deadAfter(Duration.ofMillis(900))
            .bufferSize(1 << 20)
            .retryPolicy(
                RetryPolicy.builder().backoff(Duration.ofHours(1), Duration.ofHours(1)).build());
    if (arguments.length > 2) {
      config.member(arguments[2]);
    }
    ConsumerRunner runner =
        ConsumerRunner.builder(Databases.dataSource(null))
            .add(new ChildConsumer(arguments[0], arguments[1]), config.build())
            .build();
    runner.start();
  }

  @Override
  protected void processBatch(Batch batch) throws Exception {
    long count = 0;
    long last = 0;
    boolean ordered = true;
    for (Event event : batch) {
      count++;
      ordered &= event.id() > last;
      last = event.id();
      if (mode.equals("count") && count % 3 == 0) {
        batch.fail(event, new IllegalStateException("every third"));
      }
    }
    System.out.println("BATCH " + batch.id() + " " + count + " " + ordered);
    if (mode.equals("hang")) {
      new CountDownLatch(1).await();
    }
  }
}
