package io.pgq4j.consumers.telegram;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One notification on its way, until it has an outcome. Confined to the consumer's thread. */
final class Parcel {
  /** What became of a notification. */
  enum Outcome {
    DELIVERED,
    /** Dropped: nobody is there. */
    UNREACHABLE,
    /** Telegram will never take this text. */
    REFUSED,
    /** To be tried again as the retry policy says. */
    FAILED,
    /** To be tried again after the time that Telegram asked for. */
    PUT_OFF
  }

  final Notification notification;
  final List<String> parts;

  /** Parts that Telegram has taken. */
  int sentParts;

  /** Not to be joined with others: Telegram refused it in company. */
  boolean alone;

  /** Without markup: Telegram cannot read it. */
  boolean plain;

  int pauses;
  int moves;

  private @Nullable Outcome outcome;
  private String reason = "";
  private Duration delay = Duration.ZERO;

  Parcel(Notification notification) {
    this.notification = notification;
    parts = TextSplitter.split(notification.text(), TextSplitter.MESSAGE_LIMIT);
  }

  boolean joinable() {
    return !alone && parts.size() == 1;
  }

  void settle(Outcome outcome, String reason) {
    settle(outcome, reason, Duration.ZERO);
  }

  void settle(Outcome outcome, String reason, Duration delay) {
    this.outcome = outcome;
    this.reason = reason;
    this.delay = delay;
  }

  Outcome outcome() {
    if (outcome == null) {
      throw new IllegalStateException("not settled");
    }
    return outcome;
  }

  boolean settled() {
    return outcome != null;
  }

  String reason() {
    return reason;
  }

  Duration delay() {
    return delay;
  }
}
