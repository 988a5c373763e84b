package io.pgq4j.consumers.websocket;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A queue that is pushed: who consumes it, what it holds, who reads it. */
record Relay(String consumer, Ring ring, Set<Reader> readers) {
  Relay(String consumer, Ring ring) {
    this(consumer, ring, ConcurrentHashMap.newKeySet());
  }
}
