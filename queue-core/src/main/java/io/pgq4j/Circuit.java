package io.pgq4j;

import java.time.Duration;

/**
 * When a consumer stops trying for a while; see {@link ConsumerConfig.Builder#circuitBreaker}.
 *
 * @param failures 0: never
 */
public record Circuit(int failures, Duration minPause, Duration maxPause) {
  public Circuit {
    if (failures < 0) {
      throw new IllegalArgumentException("failures must not be negative");
    }
    ConsumerConfig.checkRange("circuitBreaker", minPause, maxPause);
  }
}
