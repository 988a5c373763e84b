package io.pgq4j.examples.upstats;

import io.pgq4j.QueueAdmin;
import io.pgq4j.Watch;
import io.pgq4j.consumers.telegram.BotCommands;
import io.pgq4j.consumers.telegram.SubscriptionCommands;
import io.pgq4j.consumers.telegram.TelegramConfig;
import io.pgq4j.consumers.telegram.TelegramNotifier;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/**
 * Tells users of new job ads: an ad that is committed to {@code upstats.job_ad} is sent to the chat
 * of each search stream whose keywords it matches.
 *
 * <p>What is promised:
 *
 * <ul>
 *   <li>Every ad committed after {@link #install} is matched, whatever runs or is down at that
 *       time, against the streams as they are when its batch is processed. Ads that commit
 *       together, or while another batch is being sent, come in one message per stream.
 *   <li>A stream gets an ad once. What has arrived is committed ({@code upstats.delivery}, {@code
 *       last_job_ts}) after the messages of a batch have been sent and before the batch is
 *       finished. Only if the process dies in between, or Telegram's answer to a message is lost,
 *       does a message come again: Telegram has no transactions. A batch of more than {@link
 *       TelegramConfig#windowEvents()} ads is written down in steps of that size.
 *   <li>An ad meets only the streams whose rarest keyword it has, so that the number of streams
 *       hardly counts.
 *   <li>Nothing polls the database: while no ad comes, no query runs.
 * </ul>
 */
public final class UpStats implements AutoCloseable {
  /** The queue of the inserts into {@code upstats.job_ad}. */
  public static final String QUEUE = "new_jobs";

  /** The notifier's name at the queue. */
  public static final String CONSUMER = "upstats";

  private static final String COMMENT = "pgq4j example UpStats";

  private final DataSource dataSource;
  private final StreamStore store;

  /**
   * @param dataSource where {@link #install} was run; one connection of it is kept open
   */
  public UpStats(DataSource dataSource) {
    this.dataSource = dataSource;
    store = new StreamStore(dataSource);
  }

  /**
   * Creates what is missing of the schema {@code upstats}, the queue, its trigger and its consumer,
   * all or nothing. The schema {@code pgq} must be there.
   *
   * @throws IllegalStateException if there is a schema {@code upstats} that is not of this example
   */
  public static void install(DataSource dataSource) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.execute("set local client_min_messages = warning");
        // "if not exists" does not help against somebody who creates it at the same time.
        statement.execute("select pg_advisory_xact_lock(hashtext('pgq4j example UpStats'))");
        checkOwnSchema(statement);
        statement.execute(Resources.text("schema.sql"));
        statement.execute("select upstats.count_words()");
      }
      QueueAdmin admin = QueueAdmin.on(connection);
      admin.createQueue(QUEUE);
      admin.register(QUEUE, CONSUMER);
      admin.watchTable(
          Watch.builder("upstats.job_ad", QUEUE)
              .operations(Watch.Operation.INSERT)
              .ignore("search", "description")
              .build());
      connection.commit();
    }
  }

  /**
   * The notifier, to be given to a {@link io.pgq4j.ConsumerRunner}. Ask for one only.
   *
   * @param telegram how to send; its {@code chatStatus} is set here
   */
  public TelegramNotifier notifier(TelegramConfig.Builder telegram) {
    TelegramConfig config = telegram.chatStatus(new StreamChats(store)).build();
    return new TelegramNotifier(QUEUE, CONSUMER, new StreamRouter(store), config);
  }

  /**
   * Has users manage their streams by commands to the bot, once it is started; see {@link
   * SubscriptionCommands}.
   */
  public BotCommands commands(TelegramConfig telegram) {
    return new BotCommands(telegram, new SubscriptionCommands(new StreamSubscriptions(dataSource)));
  }

  /** Gives the connection back; to be called when the notifier has stopped. */
  @Override
  public void close() {
    store.close();
  }

  private static void checkOwnSchema(Statement statement) throws SQLException {
    try (ResultSet row =
        statement.executeQuery(
            "select obj_description(oid, 'pg_namespace') from pg_namespace"
                + " where nspname = 'upstats'")) {
      if (row.next() && !COMMENT.equals(row.getString(1))) {
        throw new IllegalStateException(
            "This database has a schema upstats of somebody else, which stays as it is."
                + " Use another database.");
      }
    }
  }
}
