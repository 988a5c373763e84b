package io.pgq4j.ticker;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Ticker} is doing, at one moment.
 *
 * @param role its part among the tickers of the database
 * @param since when it took this part
 * @param ticks ticks made since it was started, over all queues
 * @param lastTick when it last made one; null: never
 * @param lastError why a duty last failed, without secrets; null: all duties work
 * @param silence how long its thread that ticks has given no sign of life though it should have;
 *     zero: it works, or waits as it should. More than a minute: it hangs, and will not come back
 */
public record TickerState(
    Role role,
    Instant since,
    long ticks,
    @Nullable Instant lastTick,
    @Nullable String lastError,
    Duration silence) {

  /** The part of a ticker. */
  public enum Role {
    /** Not started yet. */
    NEW,
    /** No connection, or no schema, or the server is in recovery: trying again and again. */
    WAITING,
    /** Connected; another ticker leads. */
    STANDBY,
    /** The one that ticks. */
    LEADER,
    /** Stopped; stays so. */
    STOPPED
  }
}
