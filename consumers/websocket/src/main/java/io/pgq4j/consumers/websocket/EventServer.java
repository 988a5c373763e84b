package io.pgq4j.consumers.websocket;

import io.pgq4j.Consumer;
import io.pgq4j.ConsumerInfo;
import io.pgq4j.QueueAdmin;
import io.pgq4j.daemon.ListenAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pushes events to browsers, by WebSocket at {@code /events}; {@code /pgq-events.js} is a client.
 * Each queue has one consumer, whose events go to a ring in memory, and from there to any number of
 * sockets: these ask nothing of the database.
 *
 * <pre>{@code
 * EventServer server =
 *     EventServer.builder().origins("https://app.example").secret(secret).build();
 * ConsumerRunner runner =
 *     ConsumerRunner.builder(dataSource).add(server.consumer("jobs", "browsers")).build();
 * server.start(dataSource);
 * runner.start();
 * }</pre>
 *
 * <p>Close the runner first and the server then, so that readers get what there was. Thread-safe.
 */
public final class EventServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EventServer.class);
  private static final int THREADS = 4;
  private static final Duration BEAT = Duration.ofSeconds(20);
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final ServerConfig config;
  private final Map<String, Relay> relays = new ConcurrentHashMap<>();
  private final ThreadPoolExecutor threads;
  private final ScheduledThreadPoolExecutor clock;
  private final Web web;
  private boolean started;

  private EventServer(ServerConfig config) {
    this.config = config;
    ThreadFactory daemon =
        task -> {
          Thread thread = new Thread(task, "pgq4j-websocket");
          thread.setDaemon(true);
          return thread;
        };
    threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            BEAT.toSeconds(),
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            daemon,
            new ThreadPoolExecutor.DiscardPolicy());
    threads.allowCoreThreadTimeOut(true);
    clock = new ScheduledThreadPoolExecutor(1, daemon);
    clock.setRemoveOnCancelPolicy(true);
    web = new Web(config, relays, threads, clock);
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * The consumer whose events are pushed as those of its queue. Run it alone under its name and not
   * as a member: a server has to have all events.
   *
   * @throws IllegalArgumentException if there is one for this queue
   */
  public Consumer consumer(String queue, String name) {
    Relay relay = new Relay(name, new Ring(config.ringEvents(), config.ringBytes()));
    if (relays.putIfAbsent(queue, relay) != null) {
      throw new IllegalArgumentException("queue " + queue + " has a consumer here");
    }
    return new RelayConsumer(this, queue, name, relay.ring());
  }

  /**
   * Listens.
   *
   * @param database where the queues are; it is asked where the consumers are, every 20 s
   * @throws IllegalArgumentException if it cannot listen there; the message tells why
   * @throws IllegalStateException if it was started before
   */
  @SuppressWarnings("FutureReturnValueIgnored") // they end with the clock, and throw nothing
  public synchronized void start(DataSource database) {
    if (started) {
      throw new IllegalStateException("the server was started before");
    }
    started = true;
    web.start();
    QueueAdmin admin = QueueAdmin.of(database);
    clock.scheduleWithFixedDelay(() -> locate(admin), 0, LOOK.toMillis(), TimeUnit.MILLISECONDS);
    clock.scheduleWithFixedDelay(
        () -> beat(admin), BEAT.toMillis(), BEAT.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The port it listens at. */
  public int port() {
    return web.port();
  }

  /** Those whose place is not known yet. */
  private void locate(QueueAdmin admin) {
    relays.forEach(
        (queue, relay) -> {
          if (!relay.ring().isLocated() && advance(admin, queue, relay)) {
            wake(queue);
          }
        });
  }

  /** An idle consumer is moved over ticks without a batch; readers should know how far they are. */
  private void beat(QueueAdmin admin) {
    relays.forEach(
        (queue, relay) -> {
          advance(admin, queue, relay);
          relay.readers().forEach(Reader::beat);
        });
  }

  private static boolean advance(QueueAdmin admin, String queue, Relay relay) {
    try {
      List<Long> ticks =
          admin.consumers(queue).stream()
              .filter(info -> info.name().equals(relay.consumer()))
              .map(ConsumerInfo::lastTick)
              .filter(Objects::nonNull)
              .toList();
      ticks.forEach(relay.ring()::advance);
      return !ticks.isEmpty();
    } catch (RuntimeException e) {
      // Of a database that cannot be asked, the consumer tells in the log.
      LOG.debug("queue {}: its consumer's place is not known", queue, e);
      return false;
    }
  }

  void wake(String queue) {
    Relay relay = relays.get(queue);
    if (relay != null) {
      relay.readers().forEach(Reader::wake);
    }
  }

  /** Has readers go, who come again and find another server; they are given up to 3 s. */
  @Override
  public void close() {
    clock.shutdownNow();
    web.refuse();
    CompletableFuture<?>[] leaving =
        relays.values().stream()
            .flatMap(relay -> relay.readers().stream())
            .map(Reader::leave)
            .toArray(CompletableFuture<?>[]::new);
    CompletableFuture.allOf(leaving)
        .completeOnTimeout(null, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .join();
    web.close();
    threads.shutdownNow();
  }

  /**
   * Builds an {@link EventServer}.
   *
   * <p>Defaults:
   *
   * <ul>
   *   <li>{@link #listen}: 127.0.0.1:8085
   *   <li>{@link #origins}: none, so one has to be given
   *   <li>{@link #secret}: none, so it has to be given, or {@link #anonymous}
   *   <li>{@link #ring}: 10,000 events and 64 MiB for each queue
   *   <li>{@link #maxReaders}: 10,000
   * </ul>
   */
  public static final class Builder {
    private ListenAddress listen = new ListenAddress("127.0.0.1", 8085);
    private Set<String> origins = Set.of();
    private @Nullable EventTokens tokens;
    private int ringEvents = 10_000;
    private long ringBytes = 64L << 20;
    private int maxReaders = 10_000;
    private boolean anonymous;

    private Builder() {}

    /** Where to listen; port 0 is any that is free. TLS is the work of a proxy before it. */
    public Builder listen(ListenAddress address) {
      listen = address;
      return this;
    }

    /**
     * The sites whose pages may connect, each as {@code https://app.example}; {@code *} is any. A
     * program that is no browser may say it is any of them: so a token is needed, too.
     */
    public Builder origins(String... sites) {
      origins = Set.of(sites);
      return this;
    }

    /** What tokens have to be signed with; see {@link EventTokens}. */
    public Builder secret(String secret) {
      tokens = new EventTokens(secret);
      return this;
    }

    /** Whoever reaches the server may read all events: no tokens. */
    public Builder anonymous() {
      anonymous = true;
      return this;
    }

    /**
     * How much of each queue is kept for readers that come again, and for slow ones.
     *
     * @param events how many events at most
     * @param bytes about how much memory they take at most
     */
    public Builder ring(int events, long bytes) {
      ringEvents = events;
      ringBytes = bytes;
      return this;
    }

    /** How many sockets there may be; one more is refused with HTTP status 503. */
    public Builder maxReaders(int sockets) {
      maxReaders = sockets;
      return this;
    }

    /**
     * The server, not yet started.
     *
     * @throws IllegalArgumentException if a setting is missing or out of its range
     */
    public EventServer build() {
      if (origins.isEmpty()) {
        throw new IllegalArgumentException(
            "origins is not set: name the sites whose pages may connect, as https://app.example");
      }
      for (String origin : origins) {
        if (!origin.matches("\\*|null|[a-z][a-z0-9+.-]*://[^/\\s]+")) {
          throw new IllegalArgumentException(
              "an origin is a scheme and a host, without a path: https://app.example");
        }
      }
      if (anonymous == (tokens != null)) {
        throw new IllegalArgumentException(
            anonymous
                ? "there are tokens, or readers are anonymous: leave one of both out"
                : "there is no secret: set one, so that only pages with a token can read");
      }
      if (ringEvents < 1 || ringBytes < 1 || maxReaders < 1) {
        throw new IllegalArgumentException("the ring and the number of readers must be positive");
      }
      return new EventServer(
          new ServerConfig(listen, origins, tokens, ringEvents, ringBytes, maxReaders));
    }
  }
}
