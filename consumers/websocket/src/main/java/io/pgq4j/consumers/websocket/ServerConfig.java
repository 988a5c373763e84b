package io.pgq4j.consumers.websocket;

import io.pgq4j.daemon.ListenAddress;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link EventServer} was built with.
 *
 * @param tokens null: readers are anonymous
 */
record ServerConfig(
    ListenAddress listen,
    Set<String> origins,
    @Nullable EventTokens tokens,
    int ringEvents,
    long ringBytes,
    int maxReaders) {

  boolean allows(String origin) {
    return origins.contains("*") || origins.contains(origin);
  }
}
