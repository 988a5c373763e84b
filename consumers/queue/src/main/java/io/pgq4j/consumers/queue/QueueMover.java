package io.pgq4j.consumers.queue;

import io.pgq4j.Databases;
import io.pgq4j.Event;
import io.pgq4j.EventFields;
import io.pgq4j.EventWriter;
import io.pgq4j.NewEvent;
import io.pgq4j.QueueAdmin;
import io.pgq4j.RemoteTransactionalConsumer;
import io.pgq4j.Setting;
import io.pgq4j.Settings;
import io.pgq4j.Template;
import io.pgq4j.daemon.SelfCheck;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/**
 * Inserts each event into another queue, chosen by its type or a column if wanted, exactly once:
 * see {@link RemoteTransactionalConsumer}. Events of one target queue keep their order; each has a
 * new id, time and transaction there, and all else as it was.
 */
final class QueueMover extends RemoteTransactionalConsumer implements SelfCheck {
  private static final Setting<String> TARGET_URL =
      Databases.url("target-url", "where the other queue is; without it, in the same database");

  private static final Setting<Template> TARGET_QUEUE =
      Setting.template(
          "target-queue",
          null,
          "the other queue; jobs_{event.type} or jobs_{country} splits events");

  static final List<Setting<?>> SETTINGS =
      List.of(Settings.QUEUE, Settings.CONSUMER, TARGET_URL, TARGET_QUEUE);

  private final DataSource target;
  private final Template targetQueue;

  /**
   * A consumer with this configuration.
   *
   * @throws IllegalArgumentException with a sentence for the user
   */
  QueueMover(Settings settings) {
    this(
        settings,
        Databases.dataSource(
            settings.find(TARGET_URL).or(() -> settings.find(Databases.URL)).orElse(null)));
  }

  private QueueMover(Settings settings, DataSource target) {
    super(settings, target);
    this.target = target;
    targetQueue = settings.get(TARGET_QUEUE);
    if (settings.find(TARGET_URL).isEmpty() && targetQueue.toString().equals(queue())) {
      throw new IllegalArgumentException("target-queue is the queue itself: events would go round");
    }
  }

  @Override
  protected void process(Event event, Connection connection) throws SQLException {
    EventWriter.to(queueOf(event)).insert(connection, copy(event));
  }

  @Override
  protected boolean processAll(List<Event> events, Connection connection) throws SQLException {
    Map<String, List<NewEvent>> byQueue = new LinkedHashMap<>();
    for (Event event : events) {
      byQueue.computeIfAbsent(queueOf(event), queue -> new ArrayList<>()).add(copy(event));
    }
    for (Map.Entry<String, List<NewEvent>> part : byQueue.entrySet()) {
      EventWriter.to(part.getKey()).insertAll(connection, part.getValue());
    }
    return true;
  }

  private String queueOf(Event event) {
    return targetQueue.fill(EventFields.of(event));
  }

  private static NewEvent copy(Event event) {
    return new NewEvent(
        event.type(), event.data(), event.extra1(), event.extra2(), event.extra3(), event.extra4());
  }

  /** Asks whether there is the other queue, if its name is the same for all events. */
  @Override
  public void check() {
    QueueAdmin admin = QueueAdmin.of(target);
    if (targetQueue.names().isEmpty() && admin.queue(targetQueue.toString()).isEmpty()) {
      throw new IllegalArgumentException(
          "there is no queue \"" + targetQueue + "\" to move events to: create it");
    }
  }
}
