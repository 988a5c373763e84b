package io.pgq4j.examples.jobs;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.Context;
import io.javalin.http.Header;
import io.pgq4j.consumers.websocket.EventTokens;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/** The web application. There is no login: a page's user is who it says, in {@code ?user=}. */
final class JobSite implements AutoCloseable {
  private static final Duration TOKEN_LIFE = Duration.ofMinutes(10);
  private static final String HOST = "127.0.0.1";

  private final JobDesk desk;
  private final Farm farm;
  private final EventTokens tokens;
  private final String page;
  private final Javalin server;
  private volatile int eventsPort;

  JobSite(JobDesk desk, Farm farm, EventTokens tokens, String page) {
    this.desk = desk;
    this.farm = farm;
    this.tokens = tokens;
    this.page = page;
    server = Javalin.create(this::configure);
  }

  private void configure(JavalinConfig config) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.routes.get(
        "/", context -> context.html(page.replace("EVENTS", HOST + ":" + eventsPort)));
    config.routes.get("/token", context -> context.result(token(user(context))));
    config.routes.get(
        "/jobs",
        context -> context.contentType("application/json").result(desk.list(user(context))));
    config.routes.post("/jobs", this::start);
    config.routes.post(
        "/jobs/{id}/cancel",
        context -> desk.cancel(user(context), context.pathParamAsClass("id", Long.class).get()));
    config.routes.post("/farm/pause", context -> desk.pause(true));
    config.routes.post("/farm/resume", context -> desk.pause(false));
    config.routes.post(
        "/farm/crash", context -> farm.crash(String.valueOf(context.queryParam("worker"))));
    config.routes.before(JobSite::refuseOtherSites);
  }

  /** A page of another site may send forms here, but cannot hide where it is from. */
  private static void refuseOtherSites(Context context) {
    String origin = context.header(Header.ORIGIN);
    if (origin != null && !origin.equals("http://" + context.host())) {
      throw new BadRequestResponse("not from this page");
    }
  }

  private void start(Context context) throws Exception {
    String report = String.valueOf(context.queryParam("report"));
    if (!Report.isKnown(report)) {
      throw new BadRequestResponse("there is no such report");
    }
    context.result(Long.toString(desk.start(user(context), report)));
  }

  private static String user(Context context) {
    String user = context.queryParam("user");
    if (user == null || !user.matches("\\w{1,20}")) {
      throw new BadRequestResponse("say who you are: ?user=anna");
    }
    return user;
  }

  /** The page sees the rows of its user, and those of everybody: the farm's. */
  String token(String user) {
    return tokens.issue(Instant.now().plus(TOKEN_LIFE), Map.of("owner", Set.of(user, "everybody")));
  }

  /** Begins to serve; returns the port. */
  int start() {
    return server.start(HOST, 0).port();
  }

  /** Where the pages find events. */
  void eventsAt(int port) {
    eventsPort = port;
  }

  @Override
  public void close() {
    server.stop();
  }
}
