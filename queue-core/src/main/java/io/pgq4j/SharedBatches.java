package io.pgq4j;

import io.pgq4j.internal.FetchSize;
import io.pgq4j.internal.SessionSettings;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The connection of a {@link SharedReader}: opens batches of many consumers of a queue, reads the
 * events of those that are between the same ticks once, and finishes batches, in one transaction.
 */
final class SharedBatches implements AutoCloseable {
  /** More is read by each consumer itself, in bounded memory. */
  private static final int MOST_EVENTS = 1_000;

  private static final long MOST_BYTES = 1 << 20;

  private static final String NEXT =
      "select " + QueueSession.BATCH + ", consumer_name from pgq.next_batches(?, ?, ?)";

  private static final String READ =
      "select " + QueueSession.EVENT + ", batch_id from pgq.get_batches_events(?, ?)";

  /**
   * What a consumer wants: its next batch.
   *
   * @param number tells it from the consumer's other wishes
   * @param finished the batch that ends; null: it has none
   */
  record Wish(long number, String consumer, @Nullable Long finished) {}

  /**
   * What became of it.
   *
   * @param batch null: there is none
   * @param events null: the consumer is to go alone
   */
  record Answer(@Nullable BatchInfo batch, @Nullable List<Event> events) {
    /** There is no tick yet. */
    static final Answer NOTHING = new Answer(null, List.of());

    /** Nothing was done. */
    static final Answer ALONE = new Answer(null, null);

    boolean isWithoutEvents() {
      return events != null && events.isEmpty();
    }
  }

  private record Ticks(long previous, long last) {}

  private final Connection connection;
  private final SessionSettings settings;
  private final PreparedStatement next;
  private final PreparedStatement read;
  private final FetchSize fetchSize = new FetchSize();

  private SharedBatches(String queue, Connection connection) throws SQLException {
    this.connection = connection;
    settings = SessionSettings.pin(connection);
    connection.setAutoCommit(false);
    next = connection.prepareStatement(NEXT);
    next.setString(1, queue);
    read = connection.prepareStatement(READ);
    read.setInt(2, MOST_EVENTS + 1);
  }

  static SharedBatches open(DataSource dataSource, String queue) throws SQLException {
    Connection connection = dataSource.getConnection();
    try {
      return new SharedBatches(queue, connection);
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /**
   * Fulfils wishes.
   *
   * @return the answers by consumer. Where there is none, nothing was done: it is to ask by itself
   */
  Map<String, Answer> fulfil(Collection<Wish> wishes) throws SQLException {
    next.setArray(
        2, connection.createArrayOf("text", wishes.stream().map(Wish::consumer).toArray()));
    next.setArray(
        3, connection.createArrayOf("int8", wishes.stream().map(Wish::finished).toArray()));
    Map<String, Answer> answers = new HashMap<>();
    Map<Ticks, Map<String, BatchInfo>> opened = new LinkedHashMap<>();
    try (ResultSet row = next.executeQuery()) {
      while (row.next()) {
        BatchInfo batch = QueueSession.batch(row);
        String consumer = row.getString("consumer_name");
        if (batch == null) {
          answers.put(consumer, Answer.NOTHING);
        } else {
          opened
              .computeIfAbsent(
                  new Ticks(batch.previousTick(), batch.tick()), ticks -> new HashMap<>())
              .put(consumer, batch);
        }
      }
    }
    for (Map<String, BatchInfo> batches : opened.values()) {
      read(batches, answers);
    }
    connection.commit();
    return answers;
  }

  private void read(Map<String, BatchInfo> batches, Map<String, Answer> answers)
      throws SQLException {
    Object[] ids = batches.values().stream().map(BatchInfo::id).toArray();
    read.setArray(1, connection.createArrayOf("int8", ids));
    read.setFetchSize(fetchSize.rows());
    List<Event> events = new ArrayList<>();
    List<@Nullable Long> owners = new ArrayList<>();
    long bytes = 0;
    try (ResultSet row = read.executeQuery()) {
      while (events.size() <= MOST_EVENTS && bytes <= MOST_BYTES && row.next()) {
        Event event = QueueSession.event(row);
        events.add(event);
        owners.add(row.getObject("batch_id", Long.class));
        bytes += EventCodec.INSTANCE.weight(event);
      }
    }
    fetchSize.fetched(events.size(), bytes);
    boolean all = events.size() <= MOST_EVENTS && bytes <= MOST_BYTES;
    batches.forEach(
        (consumer, batch) ->
            answers.put(consumer, new Answer(batch, all ? of(batch, events, owners) : null)));
  }

  /** Those for everyone, and those that come back to this consumer. */
  private static List<Event> of(BatchInfo batch, List<Event> events, List<@Nullable Long> owners) {
    List<Event> own = new ArrayList<>(events.size());
    for (int i = 0; i < events.size(); i++) {
      Long owner = owners.get(i);
      if (owner == null || owner == batch.id()) {
        own.add(events.get(i));
      }
    }
    return own;
  }

  @Override
  public void close() throws SQLException {
    try (connection) {
      if (!connection.isClosed()) {
        settings.restore();
      }
    }
  }
}
