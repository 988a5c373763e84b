package io.pgq4j.consumers.telegram;

import io.pgq4j.Batch;
import io.pgq4j.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Some events of a batch on their way through routing, delivery and settling. Used once. */
final class Window {
  /*
   * Routing. Events of which nothing is known are routed together. An event that has reached
   * somebody already, and is here again because it failed somewhere else or because its batch is
   * repeated, is routed alone: its notifications tell of no other event then, so each can be left
   * out or sent as a whole.
   *
   * Settling. An event may be told to many chats; the worst that happened to one of its
   * notifications decides. A try that may succeed goes before giving up, and the longest wait
   * wins.
   */

  private static final Logger log = LoggerFactory.getLogger(Window.class);

  private final Batch batch;
  private final MessageRouter router;
  private final Courier courier;
  private final List<Parcel> parcels = new ArrayList<>();

  Window(Batch batch, MessageRouter router, Courier courier) {
    this.batch = batch;
    this.router = router;
    this.courier = courier;
  }

  void process(List<Event> events) throws Exception {
    route(events);
    courier.deliver(parcels);
    settle();
    List<Notification> delivered =
        parcels.stream()
            .filter(parcel -> parcel.outcome() == Parcel.Outcome.DELIVERED)
            .map(parcel -> parcel.notification)
            .toList();
    if (!delivered.isEmpty()) {
      router.delivered(delivered);
    }
  }

  private void route(List<Event> events) throws InterruptedException {
    List<Event> fresh = events.stream().filter(event -> !courier.memory().knows(event)).toList();
    if (!fresh.isEmpty()) {
      routeTogether(fresh);
    }
    for (Event event : events) {
      if (courier.memory().knows(event)) {
        routeAlone(event);
      }
    }
  }

  private void routeTogether(List<Event> events) throws InterruptedException {
    try {
      addAll(events, router.route(events));
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      if (events.size() == 1) {
        batch.fail(events.get(0), e);
        return;
      }
      log.debug("routing {} events of batch {} one by one", events.size(), batch.id(), e);
      for (Event event : events) {
        routeAlone(event);
      }
    }
  }

  private void routeAlone(Event event) throws InterruptedException {
    List<Event> events = List.of(event);
    try {
      addAll(events, router.route(events));
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      batch.fail(event, e);
    }
  }

  private void addAll(List<Event> routed, List<Notification> notifications) {
    Set<Long> ids = new HashSet<>();
    routed.forEach(event -> ids.add(event.id()));
    for (Notification notification : notifications) {
      if (notification.events().stream().anyMatch(event -> !ids.contains(event.id()))) {
        throw new IllegalArgumentException(
            "the router's notification tells of an event that it was not given");
      }
    }
    notifications.forEach(notification -> parcels.add(new Parcel(notification)));
  }

  private void settle() {
    Map<Long, Verdict> verdicts = new LinkedHashMap<>();
    for (Parcel parcel : parcels) {
      for (Event event : parcel.notification.events()) {
        verdicts.computeIfAbsent(event.id(), id -> new Verdict(event)).add(parcel);
      }
    }
    verdicts.values().forEach(verdict -> verdict.giveTo(batch));
  }

  /** What is to become of one event. */
  private static final class Verdict {
    private final Event event;
    private Parcel.Outcome outcome = Parcel.Outcome.DELIVERED;
    private String reason = "";
    private Duration delay = Duration.ZERO;

    Verdict(Event event) {
      this.event = event;
    }

    void add(Parcel parcel) {
      if (parcel.outcome().compareTo(outcome) > 0) {
        outcome = parcel.outcome();
        reason = parcel.reason();
      }
      if (parcel.delay().compareTo(delay) > 0) {
        delay = parcel.delay();
      }
    }

    void giveTo(Batch batch) {
      switch (outcome) {
        case DELIVERED, UNREACHABLE -> {}
        case REFUSED -> batch.dead(event, reason);
        case PUT_OFF -> batch.retry(event, delay);
        case FAILED -> batch.fail(event, new TelegramException(reason));
      }
    }
  }
}
