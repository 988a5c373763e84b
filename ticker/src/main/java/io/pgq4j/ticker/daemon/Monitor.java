package io.pgq4j.ticker.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.pgq4j.daemon.ListenAddress;
import io.pgq4j.ticker.Ticker;
import io.pgq4j.ticker.daemon.DaemonConfig.Database;
import io.pgq4j.ticker.daemon.HttpEndpoint.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is to be seen of the daemon from outside: metrics and health, over HTTP. */
final class Monitor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Monitor.class);

  private static final String FORMAT = "text/plain; version=0.0.4; charset=utf-8";

  /** Half of the endpoint's threads, so that health is answered while scrapes wait. */
  private static final int SCRAPES = 2;

  private record Watched(TickerMeters meters, DatabaseReader reader) {}

  private final ListenAddress address;
  private final Supplier<Health> health;
  private final Map<String, Watched> watched = new ConcurrentHashMap<>();
  private final Semaphore scrapes = new Semaphore(SCRAPES);
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  /** A reader reads once at a time, so there are never more threads than databases. */
  private final ExecutorService readers =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          1,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          task -> {
            Thread thread = new Thread(task, "metrics");
            thread.setDaemon(true);
            return thread;
          });

  private @Nullable HttpEndpoint endpoint;

  Monitor(ListenAddress address, Supplier<Health> health) {
    this.address = address;
    this.health = health;
    registry
        .getPrometheusRegistry()
        .register(new DatabaseCollector(() -> watched.values().stream().map(Watched::reader)));
  }

  /**
   * Listens.
   *
   * @throws IllegalArgumentException if that is not possible, with a sentence for the user
   */
  void start() {
    HttpEndpoint open =
        HttpEndpoint.open(
            address,
            new TreeMap<>(
                Map.of(
                    "/metrics",
                    this::metrics,
                    "/health/live",
                    () -> health.get().live(),
                    "/health/ready",
                    () -> health.get().ready())));
    endpoint = open;
    LOG.info(
        "metrics at http://{}:{}/metrics, health at /health/live and /health/ready",
        address.host(),
        open.address().getPort());
  }

  /** A ticker that is watched until it is {@linkplain #forget forgotten}. */
  Ticker ticker(String name, Database database) {
    TickerMeters meters = new TickerMeters(registry, name);
    Ticker ticker = Ticker.create(database.source(), database.config(), meters);
    meters.watch(ticker);
    watched.put(
        name, new Watched(meters, new DatabaseReader(name, database.metricsSource(), readers)));
    return ticker;
  }

  /** Takes what a ticker that is stopped has shown away. */
  void forget(String name) {
    Watched gone = watched.remove(name);
    if (gone != null) {
      gone.meters().close();
    }
  }

  private Answer metrics() {
    if (!scrapes.tryAcquire()) {
      return new Answer(503, "text/plain", out -> out.write("scraped already\n".getBytes(UTF_8)));
    }
    try {
      ByteArrayOutputStream text = new ByteArrayOutputStream();
      registry.scrape(text, FORMAT);
      return new Answer(200, FORMAT, text::writeTo);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory has none
    } finally {
      scrapes.release();
    }
  }

  @Override
  public void close() {
    if (endpoint != null) {
      endpoint.close();
    }
    readers.shutdownNow();
  }
}
