package io.pgq4j.examples.notify;

import io.pgq4j.examples.Example;
import io.pgq4j.examples.Screen;
import io.pgq4j.examples.Stage;
import io.pgq4j.sql.SchemaInstaller;
import io.pgq4j.ticker.Ticker;
import java.util.Locale;
import picocli.CommandLine.Command;

/** Plays the same scenes on NOTIFY and on pgq4j. */
@Command(
    name = "notify",
    header = "Send and receive texts: what NOTIFY loses, and a queue keeps",
    description =
        "Sends texts by plain LISTEN and NOTIFY and by a queue of pgq4j, with a receiver that goes"
            + " away, texts that are large, and a callback that fails; and counts what arrives.")
public final class NotifyExample extends Example {
  private static final String NAME = "example_notify";

  @Override
  protected void show(Stage stage) throws Exception {
    Screen screen = stage.screen();
    screen.title("Notify on pgq4j: a text is sent, a callback gets it");
    screen.fact("Database", stage.database().description());
    SchemaInstaller.of(stage.dataSource()).install();
    Trial notify = new Trial(stage.dataSource(), new NotifyQueue(stage.dataSource(), NAME));
    Trial queue = new Trial(stage.dataSource(), new PgQueue(stage.dataSource(), NAME));
    try (Ticker ticker = Ticker.create(stage.dataSource())) {
      ticker.start();
      notify.run();
      queue.run();
    }
    screen.title("How many have arrived");
    screen.whisper(row("What happened", "committed", "LISTEN/NOTIFY", "pgq4j"));
    for (Scene scene : Scene.values()) {
      screen.say(row(scene.description, scene.sent, notify.received(scene), queue.received(scene)));
    }
    screen.say(
        row(
            "median delay",
            "",
            Screen.millis(notify.medianDelay()),
            Screen.millis(queue.medianDelay())));
  }

  private static String row(Object what, Object sent, Object notify, Object queue) {
    return String.format(Locale.ROOT, "  %-40s  %9s  %13s  %7s", what, sent, notify, queue);
  }
}
