package io.pgq4j.ticker;

import java.time.Duration;

/**
 * The ticker's side of the wake protocol as a pure value: which state it is in, and which comes
 * next. The states, the transitions and the reason why no wake-up is lost stand in the package
 * comment; the model check drives this very class through all interleavings. It keeps no clock: how
 * long a producer has been followed is known from the number of polls.
 *
 * @param announced producers notify when the flag is up (false: prepared transactions are possible)
 * @param state what to do next
 * @param warm something was ticked since the ticker last waited with the flag up
 * @param barren ticks in a row that ticked nothing although a queue was due
 * @param polls looks in a row at producers that may have seen the flag down
 */
record WakeProtocol(boolean announced, State state, boolean warm, int barren, int polls) {

  enum State {
    TICK,
    REST,
    WAKE,
    ARM,
    DOZE,
    SLEEP
  }

  /** Most transactions end within a few polls; a raised flag would make all others notify. */
  private static final int POLLS_WITH_FLAG_DOWN = 4;

  private static final int STUCK = 2;
  private static final int POLLS_AT_FIRST_INTERVAL = 10;
  private static final double GROWTH = 1.1;
  private static final double FIRST_INTERVAL_NANOS = 1e6;

  /** At this number of polls the interval has reached its longest. */
  static final int MOST_POLLS = 83;

  private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(1);

  static WakeProtocol start(boolean announced) {
    return new WakeProtocol(announced, State.TICK, false, 0, 0);
  }

  /**
   * After a TICK that was not followed by a look: it ticked something, or a queue is held until its
   * consumers have read more, or it is too early to fall asleep.
   */
  WakeProtocol busy(long ticked) {
    return ticked > 0
        ? new WakeProtocol(announced, State.REST, true, 0, 0)
        : new WakeProtocol(announced, State.REST, warm, 0, Math.min(polls + 1, MOST_POLLS));
  }

  /** After TICK and a look. */
  WakeProtocol ticked(Look look) {
    if (look.ticked() > 0) {
      return new WakeProtocol(announced, State.REST, true, 0, 0);
    }
    int nowBarren = look.due() ? Math.min(barren + 1, STUCK) : 0;
    if (look.due()) {
      return new WakeProtocol(
          announced, nowBarren < STUCK ? State.REST : State.ARM, warm, nowBarren, polls);
    }
    boolean follow = look.open() && polls < POLLS_WITH_FLAG_DOWN;
    return new WakeProtocol(
        announced, follow ? State.REST : State.ARM, warm, 0, follow ? polls + 1 : polls);
  }

  /** After REST. */
  WakeProtocol rested() {
    return new WakeProtocol(announced, State.TICK, warm, barren, polls);
  }

  /** After WAKE. */
  WakeProtocol wokenTick(long ticked, boolean stayAwake) {
    if (stayAwake) {
      return busy(ticked);
    }
    return ticked > 0
        ? new WakeProtocol(announced, State.ARM, true, 0, 0)
        : new WakeProtocol(announced, State.ARM, warm, Math.min(barren + 1, STUCK), polls);
  }

  /** After ARM. */
  WakeProtocol armed(Look look) {
    if (look.due() && !isStuck()) {
      // Once is a lone event. Twice without waiting is a burst: lower the flag, and keep a pace.
      return new WakeProtocol(announced, warm ? State.TICK : State.WAKE, warm, barren, polls);
    }
    int nowBarren = look.due() ? barren : 0;
    return look.due() || look.open() || !announced
        ? new WakeProtocol(announced, State.DOZE, false, nowBarren, polls)
        : new WakeProtocol(announced, State.SLEEP, false, 0, 0);
  }

  /** After DOZE or SLEEP. */
  WakeProtocol woke(boolean notified) {
    if (notified) {
      return new WakeProtocol(announced, State.WAKE, false, barren, 0);
    }
    int nowPolls = state == State.DOZE ? Math.min(polls + 1, MOST_POLLS) : 0;
    return new WakeProtocol(announced, isStuck() ? State.WAKE : State.ARM, false, barren, nowPolls);
  }

  /** How long REST lasts at least: for those that are awaited, and did not come yet. */
  Duration patience() {
    return polls > 0 ? doze() : Duration.ZERO;
  }

  /** How long DOZE lasts: a millisecond at first, then a tenth of the time it has been going on. */
  Duration doze() {
    int grown = polls - POLLS_AT_FIRST_INTERVAL;
    if (polls >= MOST_POLLS) {
      return LONGEST_INTERVAL;
    }
    return Duration.ofNanos(
        (long) (FIRST_INTERVAL_NANOS * (grown <= 0 ? 1 : Math.pow(GROWTH, grown))));
  }

  /**
   * A queue is due and cannot be ticked: locked by another session, say. Trying fast helps nobody.
   */
  private boolean isStuck() {
    return barren >= STUCK;
  }
}
