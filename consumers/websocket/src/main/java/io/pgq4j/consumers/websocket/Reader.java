package io.pgq4j.consumers.websocket;

import io.pgq4j.consumers.websocket.Ring.Page;
import io.pgq4j.consumers.websocket.Ring.Place;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A socket that has subscribed. It has one message under way at most, and gets the next one when
 * that has left; so it holds no events, only its position in the ring. If that falls out of the
 * ring, the reader is too slow and is dropped. Thread-safe.
 */
final class Reader {
  private static final Logger LOG = LoggerFactory.getLogger(Reader.class);
  private static final int PAGE = 256;
  private static final int FRAME_CHARS = 1 << 16;

  private final Session session;
  private final Ring ring;
  private final Predicate<Entry> filter;
  private final Instant until;
  private final Executor threads;
  private final AtomicBoolean woken = new AtomicBoolean();
  private final CompletableFuture<Void> left = new CompletableFuture<>();
  private @Nullable Position position;
  private boolean subscribed;
  private boolean sending;
  private boolean beat;
  private boolean leaving;
  private boolean closed;

  /**
   * @param position null: it begins with what comes
   * @param until when it has to come with another token
   * @param threads do the work
   */
  Reader(
      Session session,
      Ring ring,
      Predicate<Entry> filter,
      @Nullable Position position,
      Instant until,
      Executor threads) {
    this.session = session;
    this.ring = ring;
    this.filter = filter;
    this.position = position;
    this.until = until;
    this.threads = threads;
  }

  /** There may be something to send. Returns at once. */
  void wake() {
    if (woken.compareAndSet(false, true)) {
      threads.execute(
          () -> {
            woken.set(false);
            send();
          });
    }
  }

  /** Tells the reader its position, even if there is nothing else to tell. */
  void beat() {
    synchronized (this) {
      beat = true;
    }
    wake();
  }

  /** Sends what is still there, then closes; done when that has happened. */
  CompletableFuture<Void> leave() {
    synchronized (this) {
      leaving = true;
      beat = true;
    }
    wake();
    return left;
  }

  /** The socket is closed. */
  synchronized void gone() {
    closed = true;
    left.complete(null);
  }

  private void send() {
    String frame;
    synchronized (this) {
      if (sending || closed) {
        return;
      }
      frame = next();
      if (frame == null) {
        if (leaving && !closed) {
          close(Close.LEAVING, "the server stops");
        }
        return;
      }
      sending = true;
    }
    session.sendText(frame, Callback.from(this::sent, failure -> gone()));
  }

  private void sent() {
    synchronized (this) {
      sending = false;
    }
    wake();
  }

  /** The next message; null if there is none, or the socket was closed instead. */
  private @Nullable String next() {
    if (!Instant.now().isBefore(until)) {
      close(Close.TOKEN, "the token has expired");
      return null;
    }
    while (true) {
      Page page = ring.after(position, PAGE);
      if (page.place() == Place.UNKNOWN) {
        return null;
      }
      Position before = position;
      position = page.end();
      if (page.place() == Place.BEHIND && subscribed) {
        LOG.info("{}: dropped, it reads too slowly", session.getRemoteSocketAddress());
        close(Close.TOO_SLOW, "too slow: events came faster than they were read");
        return null;
      }
      boolean first = !subscribed;
      subscribed = true;
      if (page.place() != Place.HERE) {
        return "{\"gap\":{\"after\":\"" + before + "\"},\"at\":\"" + position + "\"}";
      }
      String events = events(page);
      if (!events.isEmpty()) {
        beat = false;
        return "{\"events\":[" + events + "],\"at\":\"" + position + "\"}";
      }
      if (!page.more()) {
        boolean tell = first || beat;
        beat = false;
        return tell ? "{\"at\":\"" + position + "\"}" : null;
      }
    }
  }

  /** Those of the page that pass, joined; where a message is full, the position goes no further. */
  private String events(Page page) {
    StringBuilder events = new StringBuilder();
    for (Entry entry : page.entries()) {
      if (filter.test(entry)) {
        events.append(events.isEmpty() ? "" : ",").append(entry.json());
        if (events.length() >= FRAME_CHARS) {
          position = entry.position();
          break;
        }
      }
    }
    return events.toString();
  }

  private synchronized void close(Close code, String reason) {
    closed = true;
    Callback told = Callback.from(() -> left.complete(null), failure -> left.complete(null));
    session.close(code.code(), reason, told);
  }
}
