package io.pgq4j.consumers.webhook;

import io.pgq4j.Consumer;
import io.pgq4j.Event;
import io.pgq4j.Settings;

/** A request for each event. */
final class Webhook extends Consumer implements AutoCloseable {
  private final Endpoint endpoint;
  private final Payload payload;

  Webhook(Settings settings, Endpoint endpoint) {
    super(settings);
    this.endpoint = endpoint;
    payload = new Payload(queue());
  }

  @Override
  protected void process(Event event) throws Exception {
    endpoint.post(payload.of(event), payload.key(event, event));
  }

  @Override
  public void close() {
    endpoint.close();
  }
}
