package io.pgq4j.daemon;

import io.pgq4j.Consumer;
import io.pgq4j.ConsumerHealth;
import io.pgq4j.ConsumerRunner;
import io.pgq4j.ConsumerState;
import io.pgq4j.Databases;
import io.pgq4j.Settings;
import java.time.Duration;
import java.util.Map;
import java.util.Timer;
import java.util.TimerTask;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a consumer, and another one in its place when the configuration is read again. The process
 * ends when the consumer has stopped for good, so that whoever supervises it starts it again.
 */
final class ConsumerService implements DaemonProgram.Service {
  private static final Logger LOG = LoggerFactory.getLogger(ConsumerService.class);
  private static final long WATCH_MILLIS = 1_000;

  /** A consumer that is made, and what it depends on. */
  private record Job(
      Consumer consumer,
      ConsumerRunner runner,
      Duration stopTimeout,
      DataSource source,
      String where) {}

  private final ReadyConsumer kind;
  private final Map<String, String> environment;
  private final Timer watch = new Timer("watch", true);
  private Job job;
  private boolean stopping;
  private boolean notStarted;

  ConsumerService(ReadyConsumer kind, Settings settings, Map<String, String> environment) {
    this.kind = kind;
    this.environment = environment;
    job = make(settings);
  }

  private Job make(Settings settings) {
    String url = settings.find(Databases.URL).orElse(null);
    DataSource source = Databases.dataSource(url, environment);
    Consumer consumer = kind.create(settings);
    ConsumerRunner runner =
        ConsumerRunner.builder(source).add(consumer, ConsumerKeys.config(settings)).build();
    return new Job(
        consumer,
        runner,
        settings.get(ConsumerKeys.STOP_TIMEOUT),
        source,
        Databases.describe(url, environment));
  }

  @Override
  public synchronized void start() {
    run(job);
    watch.schedule(
        new TimerTask() {
          @Override
          public void run() {
            endIfFailed();
          }
        },
        WATCH_MILLIS,
        WATCH_MILLIS);
  }

  private static void run(Job job) {
    LOG.info(
        "consumer {} of queue {}: starting, database {}",
        job.consumer().name(),
        job.consumer().queue(),
        job.where());
    if (job.consumer() instanceof Startable startable) {
      startable.start(job.source());
    }
    job.runner().start();
  }

  private void endIfFailed() {
    if (failed()) {
      // The cause is in the log already.
      System.exit(ExitCode.INTERNAL_ERROR.code());
    }
  }

  private synchronized boolean failed() {
    return notStarted
        || job.runner().health().stream()
            .map(ConsumerHealth::state)
            .anyMatch(ConsumerState.FAILED::equals);
  }

  /** Even if the settings are the same: a file that one of them names may be another. */
  @Override
  public synchronized void reload(Settings settings) {
    Job next = make(settings);
    if (stopping) {
      return;
    }
    end(job);
    job = next;
    try {
      run(job);
    } catch (IllegalArgumentException e) {
      // What ran before is gone, so this is no refusal: the process ends.
      LOG.error("consumer {}: cannot be started", job.consumer().name(), e);
      notStarted = true;
    }
  }

  @Override
  public synchronized boolean stop() {
    stopping = true;
    watch.cancel();
    boolean failed = failed();
    return end(job) && !failed;
  }

  private static boolean end(Job job) {
    boolean inTime = false;
    try {
      inTime = job.runner().stop(job.stopTimeout());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!inTime) {
      // An interrupted thread does not wait once more: the batch in hand is cut off now.
      Thread.currentThread().interrupt();
      job.runner().close();
      Thread.interrupted();
    }
    close(job.consumer());
    return inTime;
  }

  static void close(Consumer consumer) {
    if (consumer instanceof AutoCloseable closeable) {
      try {
        closeable.close();
      } catch (Exception e) {
        LOG.warn("consumer {}: cannot be closed", consumer.name(), e);
      }
    }
  }
}
