package io.pgq4j.consumers.telegram.standin;

import java.net.URI;
import java.util.Map;

/** What the stand-in does with a request instead of taking the message. */
public final class Fault {
  enum Kind {
    /** An error in the Bot API's form. */
    ERROR,
    /** Bytes of another program in between, such as a proxy. */
    RAW,
    /** The way to another server. */
    REDIRECT,
    /** No answer until the stand-in is closed. */
    HANG,
    /** The connection is closed without an answer. */
    DISCONNECT
  }

  final Kind kind;
  final int status;
  final String body;
  final Map<String, Object> parameters;

  private Fault(Kind kind, int status, String body, Map<String, Object> parameters) {
    this.kind = kind;
    this.status = status;
    this.body = body;
    this.parameters = parameters;
  }

  /** An error as the Bot API reports it. */
  public static Fault error(int code, String description) {
    return new Fault(Kind.ERROR, code, description, Map.of());
  }

  /** Flood control. */
  public static Fault tooManyRequests(int retryAfterSeconds) {
    return new Fault(
        Kind.ERROR,
        429,
        "Too Many Requests: retry after " + retryAfterSeconds,
        Map.of("retry_after", retryAfterSeconds));
  }

  /** The user has blocked the bot. */
  public static Fault blocked() {
    return error(403, "Forbidden: bot was blocked by the user");
  }

  /** There is no such chat. */
  public static Fault chatNotFound() {
    return error(400, "Bad Request: chat not found");
  }

  /** The group has become a supergroup. */
  public static Fault migratedTo(long chatId) {
    return new Fault(
        Kind.ERROR,
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
        Map.of("migrate_to_chat_id", chatId));
  }

  /** An answer that is not the Bot API's. */
  public static Fault raw(int status, String body) {
    return new Fault(Kind.RAW, status, body, Map.of());
  }

  /** Points to another address. */
  public static Fault redirect(URI location) {
    return new Fault(Kind.REDIRECT, 302, location.toString(), Map.of());
  }

  /** No answer, ever. */
  public static Fault hang() {
    return new Fault(Kind.HANG, 0, "", Map.of());
  }

  /** The connection breaks after the request was read. */
  public static Fault disconnect() {
    return new Fault(Kind.DISCONNECT, 0, "", Map.of());
  }
}
