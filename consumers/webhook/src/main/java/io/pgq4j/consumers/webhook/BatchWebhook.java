package io.pgq4j.consumers.webhook;

import io.pgq4j.Batch;
import io.pgq4j.Consumer;
import io.pgq4j.Event;
import io.pgq4j.EventDataException;
import io.pgq4j.Settings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A request for several events. What the server will never take is sent event by event. */
final class BatchWebhook extends Consumer implements AutoCloseable {
  private static final long MOST_CHARS = 1_000_000;

  private final Endpoint endpoint;
  private final Payload payload;
  private final int eventsPerRequest;

  BatchWebhook(Settings settings, Endpoint endpoint, int eventsPerRequest) {
    super(settings);
    this.endpoint = endpoint;
    this.eventsPerRequest = eventsPerRequest;
    payload = new Payload(queue());
  }

  @Override
  protected void processBatch(Batch batch) throws Exception {
    List<Event> events = new ArrayList<>();
    long chars = 0;
    for (Event event : batch) {
      events.add(event);
      chars += event.data() == null ? 0 : event.data().length();
      if (events.size() == eventsPerRequest || chars >= MOST_CHARS) {
        send(batch, events);
        events.clear();
        chars = 0;
      }
    }
    if (!events.isEmpty()) {
      send(batch, events);
    }
  }

  private void send(Batch batch, List<Event> events) throws InterruptedException {
    String key = payload.key(events.get(0), events.get(events.size() - 1));
    try {
      endpoint.post(payload.of(events), key);
    } catch (EventDataException e) {
      if (events.size() == 1) {
        batch.fail(events.get(0), e);
      } else {
        for (Event event : events) {
          send(batch, List.of(event));
        }
      }
    } catch (IOException | RuntimeException e) {
      events.forEach(event -> batch.fail(event, e));
    }
  }

  @Override
  public void close() {
    endpoint.close();
  }
}
