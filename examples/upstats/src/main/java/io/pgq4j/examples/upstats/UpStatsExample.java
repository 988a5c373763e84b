package io.pgq4j.examples.upstats;

import io.pgq4j.consumers.telegram.BotToken;
import io.pgq4j.examples.Example;
import io.pgq4j.examples.Stage;
import io.pgq4j.sql.SchemaInstaller;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The program bin/demo: shows UpStats at work. */
@Command(
    name = "upstats",
    header = "Job ads reach the users whose searches they match, by Telegram (bin/demo)",
    description = {
      "Shows UpStats at work: job ads are committed to a table, and within milliseconds each is sent"
          + " to the chats whose search streams it matches. Nothing polls.",
      "",
      "Without TELEGRAM_BOT_TOKEN (or TELEGRAM_BOT_TOKEN_FILE) a local stand-in of Telegram's Bot"
          + " API takes the messages."
    },
    footer = {
      "",
      "Examples:",
      "  bin/demo --for 20s",
      "  bin/demo --keep ~/upstats     (again: goes on where it stopped)",
      "  bin/demo --database postgresql://me@localhost/scratch"
    })
public final class UpStatsExample extends Example {
  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "5",
      description = "Ads per second, default ${DEFAULT-VALUE}")
  private double rate;

  @Option(
      names = "--chat",
      paramLabel = "ID",
      description = "Send all messages to this chat; needed when there is a TELEGRAM_BOT_TOKEN")
  private @Nullable Long chat;

  @Option(
      names = "--polling",
      description =
          "Run the article's first design beside, which asks for each stream every 5 s, and count"
              + " the queries of both")
  private boolean polling;

  @Option(
      names = "--measure",
      description =
          "Instead of all that, match 1,000 ads with 100,000 streams, by keyword and by the article's"
              + " join")
  private boolean measure;

  private Optional<BotToken> token = Optional.empty();

  @Override
  protected void checkOptions() {
    check(rate > 0 && rate <= 100_000, "--rate must be more than 0 and at most 100000");
    try {
      token = BotToken.fromEnvironment();
    } catch (IllegalArgumentException e) {
      check(false, String.valueOf(e.getMessage()));
    }
    check(
        token.isEmpty() || chat != null,
        "TELEGRAM_BOT_TOKEN is set: say with --chat ID which chat shall get the messages (write to"
            + " your bot first), or unset it to use the local stand-in");
  }

  @Override
  protected void show(Stage stage) throws Exception {
    if (measure) {
      stage.screen().title("UpStats on pgq4j: matching ads with streams");
      SchemaInstaller.of(stage.dataSource()).install();
      UpStats.install(stage.dataSource());
      Measurement.of(stage.dataSource(), 1_000, 100_000).show(stage.screen());
      return;
    }
    stage.screen().title("UpStats on pgq4j: a job ad is committed, a message arrives");
    try (Messenger messenger = Messenger.open(token)) {
      new Show(stage, messenger).run(new Show.Plan(rate, stage.time(), chat, polling));
    }
  }
}
