package io.pgq4j.consumers.websocket;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.ForbiddenResponse;
import io.javalin.http.ServiceUnavailableResponse;
import io.javalin.websocket.WsConfig;
import io.javalin.websocket.WsContext;
import io.pgq4j.consumers.websocket.EventTokens.Grant;
import io.pgq4j.daemon.ListenAddress;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.websocket.api.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The web server: who may connect, what they ask for, and the client for pages. */
final class Web {
  private static final Logger LOG = LoggerFactory.getLogger(Web.class);
  private static final Duration TIME_TO_SUBSCRIBE = Duration.ofSeconds(10);

  /** Longer than the pause between two beats, so it ends only who does not take them. */
  private static final Duration TIME_TO_READ = Duration.ofSeconds(60);

  private static final int MOST_TO_READ = 1 << 14;
  private static final int LONGEST_REASON = 120;
  private static final String SCRIPT = script();

  /** A socket that has subscribed, and the end of its token. */
  private record Subscribed(Relay relay, Reader reader, Future<?> end) {}

  private final ServerConfig config;
  private final Map<String, Relay> relays;
  private final Executor threads;
  private final ScheduledExecutorService clock;
  private final Javalin javalin;
  private final Set<String> open = ConcurrentHashMap.newKeySet();
  private final Map<String, Subscribed> subscribed = new ConcurrentHashMap<>();
  private volatile boolean refusing;

  Web(
      ServerConfig config,
      Map<String, Relay> relays,
      Executor threads,
      ScheduledExecutorService clock) {
    this.config = config;
    this.relays = relays;
    this.threads = threads;
    this.clock = clock;
    javalin = Javalin.create(this::configure);
  }

  private void configure(JavalinConfig javalinConfig) {
    javalinConfig.startup.showJavalinBanner = false;
    javalinConfig.startup.showOldJavalinVersionWarning = false;
    javalinConfig.startup.startupWatcherEnabled = false;
    javalinConfig.jetty.modifyWebSocketServletFactory(
        factory -> {
          factory.setIdleTimeout(TIME_TO_SUBSCRIBE);
          factory.setMaxTextMessageSize(MOST_TO_READ);
          factory.setMaxBinaryMessageSize(0);
          // A compressor for each reader would take more memory than all else.
          factory.getAvailableExtensionNames().remove("permessage-deflate");
        });
    javalinConfig.routes.get(
        "/pgq-events.js",
        context ->
            context
                .header("Access-Control-Allow-Origin", "*")
                .contentType("text/javascript; charset=utf-8")
                .result(SCRIPT));
    javalinConfig.routes.wsBeforeUpgrade("/events", this::admit);
    javalinConfig.routes.ws("/events", this::serve);
  }

  void start() {
    ListenAddress address = config.listen();
    try {
      javalin.start(address.host().replaceAll("[\\[\\]]", ""), address.port());
    } catch (Exception e) {
      throw new IllegalArgumentException(
          "cannot listen at " + address + ": is another program there?", e);
    }
    LOG.info("listening at {}:{}", address.host(), port());
  }

  int port() {
    return javalin.port();
  }

  /** Lets nobody in any more. */
  void refuse() {
    refusing = true;
  }

  void close() {
    javalin.stop();
  }

  /** A browser says truly which site the page is of. */
  private void admit(Context context) {
    String origin = context.header("Origin");
    if (origin != null && !config.allows(origin)) {
      throw new ForbiddenResponse("pages of this origin may not connect");
    }
    if (refusing || open.size() >= config.maxReaders()) {
      throw new ServiceUnavailableResponse("no more readers");
    }
  }

  private void serve(WsConfig socket) {
    socket.onConnect(context -> open.add(context.sessionId()));
    socket.onMessage(context -> subscribe(context, context.message()));
    socket.onClose(context -> gone(context.sessionId()));
    socket.onError(context -> gone(context.sessionId()));
  }

  private void gone(String id) {
    open.remove(id);
    Subscribed gone = subscribed.remove(id);
    if (gone != null) {
      gone.relay().readers().remove(gone.reader());
      gone.reader().gone();
      gone.end().cancel(false);
    }
  }

  private void subscribe(WsContext context, String message) {
    Subscription wanted;
    try {
      if (subscribed.containsKey(context.sessionId())) {
        throw new IllegalArgumentException("a socket subscribes once");
      }
      wanted = Subscription.parse(message);
    } catch (IllegalArgumentException e) {
      close(context, Close.REQUEST, e);
      return;
    }
    Filter allowed = new Filter(Set.of(), Set.of(), Map.of());
    Instant until = Instant.MAX;
    if (config.tokens() != null) {
      try {
        Grant grant = config.tokens().check(wanted.token(), Instant.now());
        allowed = new Filter(Set.of(), Set.of(), grant.where());
        until = grant.until();
      } catch (IllegalArgumentException e) {
        close(context, Close.TOKEN, e);
        return;
      }
    }
    Relay relay = relays.get(wanted.queue());
    if (relay == null) {
      close(context, Close.QUEUE, new IllegalArgumentException("there is no such queue here"));
      return;
    }
    add(context, relay, wanted, allowed, until);
  }

  private void add(
      WsContext context, Relay relay, Subscription wanted, Filter allowed, Instant until) {
    Reader reader =
        new Reader(
            context.session,
            relay.ring(),
            entry -> entry.matches(allowed) && entry.matches(wanted.filter()),
            wanted.after(),
            until,
            threads);
    context.session.setIdleTimeout(TIME_TO_READ);
    long seconds = Duration.between(Instant.now(), until).toSeconds() + 1;
    Future<?> end = clock.schedule(reader::wake, seconds, TimeUnit.SECONDS);
    subscribed.put(context.sessionId(), new Subscribed(relay, reader, end));
    relay.readers().add(reader);
    if (!open.contains(context.sessionId())) {
      gone(context.sessionId());
    }
    reader.wake();
  }

  private static void close(WsContext context, Close code, IllegalArgumentException why) {
    String reason = Objects.toString(why.getMessage()).replaceAll("[^ -~]", "?");
    context.session.close(
        code.code(), reason.substring(0, Math.min(reason.length(), LONGEST_REASON)), Callback.NOOP);
  }

  private static String script() {
    try (InputStream in = Web.class.getResourceAsStream("pgq-events.js")) {
      return new String(
          Objects.requireNonNull(in, "pgq-events.js").readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
