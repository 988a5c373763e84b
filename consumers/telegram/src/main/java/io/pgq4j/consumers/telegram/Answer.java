package io.pgq4j.consumers.telegram;

import java.time.Duration;

/**
 * What became of one request.
 *
 * @param reason for people, without the token
 * @param retryAfter for {@code TOO_MANY}
 * @param migratedTo for {@code MIGRATED}
 */
record Answer(Kind kind, String reason, Duration retryAfter, long migratedTo) {
  enum Kind {
    DELIVERED,
    /** Flood control: nothing to this chat for a while. */
    TOO_MANY,
    /** Nobody is there: blocked, removed, deleted, never existed. */
    UNREACHABLE,
    /** The group has another id now. */
    MIGRATED,
    /** This text is refused for ever. */
    REFUSED,
    /** Telegram cannot read the markup of this text. */
    BAD_MARKUP,
    /** The bot itself is refused, whatever it sends. */
    BAD_TOKEN,
    /** No answer, or a server's fault: worth another try. */
    FAILED
  }

  static final Answer DELIVERED = of(Kind.DELIVERED, "delivered");

  static Answer of(Kind kind, String reason) {
    return new Answer(kind, reason, Duration.ZERO, 0);
  }

  static Answer tooMany(Duration retryAfter, String reason) {
    return new Answer(Kind.TOO_MANY, reason, retryAfter, 0);
  }

  static Answer migrated(long to, String reason) {
    return new Answer(Kind.MIGRATED, reason, Duration.ZERO, to);
  }
}
