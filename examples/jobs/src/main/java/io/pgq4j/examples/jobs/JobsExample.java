package io.pgq4j.examples.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pgq4j.ConsumerRunner;
import io.pgq4j.consumers.websocket.EventServer;
import io.pgq4j.consumers.websocket.EventTokens;
import io.pgq4j.daemon.ListenAddress;
import io.pgq4j.examples.Example;
import io.pgq4j.examples.Screen;
import io.pgq4j.examples.Stage;
import io.pgq4j.sql.SchemaInstaller;
import io.pgq4j.ticker.Ticker;
import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The program bin/example jobs. */
@Command(
    name = "jobs",
    header = "Users start reports in a page, a farm of workers makes them, and the page shows it",
    description = {
      "Shows a web page where reports are started, watched and cancelled. A farm of worker"
          + " processes makes them; the state of each is pushed to the pages. Nothing polls.",
    },
    footer = {
      "",
      "Examples:",
      "  bin/example jobs                 (then open the address that it prints)",
      "  bin/example jobs --workers 5",
      "  bin/example jobs --measure       (what clicks and open pages cost)"
    })
public final class JobsExample extends Example {
  private static final int SECRET_BYTES = 32;
  private static final int MOST_WORKERS = 50;
  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

  @Option(
      names = "--workers",
      paramLabel = "N",
      defaultValue = "3",
      description = "Worker processes, default ${DEFAULT-VALUE}")
  private int workers;

  @Option(
      names = "--measure",
      description = "Click by itself, with 1 to 1,000 pages open, and print what that costs")
  private boolean measure;

  @Override
  protected void checkOptions() {
    check(workers > 0 && workers <= MOST_WORKERS, "--workers must be from 1 to " + MOST_WORKERS);
  }

  @Override
  protected void show(Stage stage) throws Exception {
    Screen screen = stage.screen();
    screen.title("Jobs on pgq4j: a click is committed, a worker starts, the page sees it");
    SchemaInstaller.of(stage.dataSource()).install();
    JobDesk.install(stage.dataSource(), resource("schema.sql"));
    byte[] secret = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(secret);
    String text = HexFormat.of().formatHex(secret);
    try (Ticker ticker = Ticker.create(stage.dataSource());
        JobDesk desk = new JobDesk(stage.dataSource());
        Farm farm = new Farm(stage.database().url(), workers);
        JobSite site = new JobSite(desk, farm, new EventTokens(text), resource("page.html"))) {
      int port = site.start();
      try (EventServer events =
              EventServer.builder()
                  .listen(new ListenAddress("127.0.0.1", 0))
                  .origins("http://127.0.0.1:" + port)
                  .secret(text)
                  .build();
          ConsumerRunner runner =
              ConsumerRunner.builder(stage.dataSource())
                  .add(events.consumer(JobDesk.STATE, "pages"))
                  .build()) {
        ticker.start();
        runner.start();
        events.start(stage.dataSource());
        site.eventsAt(events.port());
        screen.fact("Database", stage.database().description());
        screen.fact("Farm", workers + " worker processes, each with 4 reports at once");
        screen.fact(
            "Pages",
            List.of(
                "http://127.0.0.1:" + port + "/?user=anna",
                "http://127.0.0.1:" + port + "/?user=bob"));
        screen.say("");
        if (measure) {
          new Measurement(stage, site, port, events.port()).run();
        } else {
          desk.start("anna", "sales");
          while (!stage.over(LOOK_AGAIN)) {}
        }
      }
      Totals.of(stage.dataSource()).print(screen);
    }
  }

  static String resource(String name) throws IOException {
    try (InputStream in = JobsExample.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), UTF_8);
    }
  }
}
