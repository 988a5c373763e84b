package io.pgq4j.admin.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.staticfiles.Location;
import io.javalin.util.JavalinException;
import io.pgq4j.NoSuchConsumerException;
import io.pgq4j.NoSuchQueueException;
import io.pgq4j.QueueAdmin;
import io.pgq4j.QueueException;
import io.pgq4j.admin.doctor.Doctor;
import io.pgq4j.admin.doctor.Finding;
import io.pgq4j.admin.internal.Json;
import io.pgq4j.admin.internal.JsonObject;
import io.pgq4j.admin.internal.Printable;
import io.pgq4j.daemon.ListenAddress;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.sql.DataSource;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The console's HTTP: which path does what. Thread-safe. */
final class Console implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Console.class);
  private static final int THREADS = 60;
  private static final int MAX_REQUEST_BYTES = 1 << 14;

  /**
   * What the command line says.
   *
   * @param names by which browsers may reach it, in lower case
   * @param token null: everybody may who reaches it
   * @param database its name, for people
   */
  record Options(
      ListenAddress address,
      Set<String> names,
      @Nullable String token,
      boolean allowWrites,
      String database) {}

  private final Options options;
  private final DataSource dataSource;
  private final Sampler sampler;
  private final Reader reader;
  private final QueueAdmin admin;
  private final Javalin server;

  private Console(Options options, DataSource dataSource) {
    this.options = options;
    this.dataSource = dataSource;
    reader = new Reader(dataSource);
    sampler = new Sampler(reader);
    admin = QueueAdmin.of(dataSource);
    server = Javalin.create(this::configure);
  }

  /**
   * Listens.
   *
   * @throws IllegalArgumentException if that is not possible, with a sentence for the user
   */
  static Console start(Options options, DataSource dataSource) {
    Console console = new Console(options, dataSource);
    ListenAddress address = options.address();
    try {
      console.server.start(address.host(), address.port());
    } catch (JavalinException e) {
      console.close();
      Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
      throw new IllegalArgumentException(
          "Cannot listen on %s: %s; give another address or port."
              .formatted(address, cause.getMessage()),
          e);
    }
    return console;
  }

  /** What to open in a browser. */
  String url() {
    return "http://" + options.address().host() + ":" + server.port() + "/";
  }

  private void configure(JavalinConfig config) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.http.maxRequestSize = MAX_REQUEST_BYTES;
    config.jetty.threadPool = new QueuedThreadPool(THREADS, 2);
    config.staticFiles.add(
        files -> {
          files.directory = "/io/pgq4j/admin/web/pages";
          files.location = Location.CLASSPATH;
        });
    Guard guard = new Guard(options);
    config.routes.before(guard::check);
    config.routes.exception(HttpResponseException.class, (e, http) -> fail(http, e.getStatus(), e));
    config.routes.exception(QueueException.class, (e, http) -> fail(http, status(e), e));
    config.routes.exception(SQLException.class, (e, http) -> fail(http, 503, QueueException.of(e)));
    config.routes.exception(Exception.class, Console::failUnexpectedly);
    config.routes.get("/api/session", guard::session);
    config.routes.post("/api/login", guard::login);
    config.routes.get("/api/live", this::live);
    config.routes.get("/api/events", http -> json(http, Events.page(reader, http::queryParam)));
    config.routes.get(
        "/api/failures",
        http -> json(http, Failed.page(reader, parameter(http, "queue"), http::queryParam)));
    config.routes.get("/api/doctor", http -> json(http, findings()));
    config.routes.post("/api/requeue", this::requeue);
  }

  /** Holds a thread of the server for as long as the page is open; a slow one delays no other. */
  private void live(Context http) {
    String last = http.header("Last-Event-ID");
    long seen = Numbers.parse(last == null ? http.queryParam("after") : last, 0);
    http.contentType("text/event-stream");
    try (Sampler.Watch watch = sampler.watch(seen)) {
      OutputStream out = http.res().getOutputStream();
      for (List<Sampler.Sample> news = watch.next(); !news.isEmpty(); news = watch.next()) {
        for (Sampler.Sample sample : news) {
          out.write(sample.serverSentEvent().getBytes(UTF_8));
        }
        out.flush();
      }
    } catch (IOException e) {
      LOG.debug("a page was closed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String findings() throws SQLException {
    List<?> findings = Doctor.examine(dataSource).stream().map(Console::json).toList();
    return Json.write(JsonObject.of("findings", findings).map());
  }

  private static Map<String, @Nullable Object> json(Finding finding) {
    return JsonObject.of("severity", finding.severity().name().toLowerCase(Locale.ROOT))
        .with("object", finding.object())
        .with("what", finding.what())
        .with("why", finding.why())
        .with("cure", finding.cure())
        .map();
  }

  private void requeue(Context http) {
    String queue = parameter(http, "queue");
    String consumer = parameter(http, "consumer");
    String event = http.queryParam("event");
    long sent;
    if (event == null) {
      sent = admin.requeueDeadLetters(queue, consumer);
    } else {
      sent = admin.requeueDeadLetter(queue, consumer, Numbers.parse(event, -1)) ? 1 : 0;
    }
    json(http, Json.write(JsonObject.of("requeued", sent).map()));
  }

  static String parameter(Context http, String name) {
    String value = http.queryParam(name);
    if (value == null) {
      throw new HttpResponseException(400, "Say which " + name + ".");
    }
    return value;
  }

  static void json(Context http, String json) {
    http.contentType("application/json").result(json);
  }

  private static int status(QueueException e) {
    return e instanceof NoSuchQueueException || e instanceof NoSuchConsumerException ? 404 : 503;
  }

  private static void fail(Context http, int status, Exception e) {
    http.status(status);
    String message = Printable.sentence(Objects.requireNonNullElse(e.getMessage(), ""));
    json(http, Json.write(JsonObject.of("error", message).map()));
  }

  private static void failUnexpectedly(Exception e, Context http) {
    LOG.error("{} failed", http.path(), e);
    fail(http, 500, new IllegalStateException("Internal error; the console's log tells more."));
  }

  /** Stops listening, cuts the pages off and closes what is open. */
  @Override
  public void close() {
    sampler.close();
    server.stop();
  }
}
