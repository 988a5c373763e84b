package io.pgq4j.examples.upstats;

import io.pgq4j.ConsumerRunner;
import io.pgq4j.consumers.telegram.BotToken;
import io.pgq4j.consumers.telegram.Rate;
import io.pgq4j.consumers.telegram.TelegramConfig;
import io.pgq4j.consumers.telegram.TelegramNotifier;
import io.pgq4j.consumers.telegram.standin.BotApiStandIn;
import java.net.URI;
import javax.sql.DataSource;

/** UpStats at work, without Telegram's rates. */
final class Running implements AutoCloseable {
  private static final Rate NO_LIMIT = Rate.perSecond(1_000_000);

  private final UpStats upStats;
  private final TelegramNotifier notifier;
  private final ConsumerRunner runner;

  Running(DataSource dataSource, URI botApi) {
    upStats = new UpStats(dataSource);
    notifier = upStats.notifier(config(botApi));
    runner = ConsumerRunner.builder(dataSource).add(notifier).build();
    runner.start();
  }

  private static TelegramConfig.Builder config(URI botApi) {
    return TelegramConfig.builder(BotToken.of(BotApiStandIn.TOKEN))
        .apiUrl(botApi)
        .perChat(NO_LIMIT)
        .perGroup(NO_LIMIT)
        .overall(NO_LIMIT)
        .digestFrom(Integer.MAX_VALUE);
  }

  /** Finishes the batch in hand. */
  @Override
  public void close() {
    runner.close();
    notifier.close();
    upStats.close();
  }
}
