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
 * @param productive ticks in a row that ticked something, without sleeping between them
 * @param futile ticks in a row that looked due but ticked nothing
 * @param polls looks in a row since the flag was last seen down by anybody who may still be open
 */
record WakeProtocol(boolean announced, State state, int productive, int futile, int polls) {

  enum State {
    TICK,
    REST,
    ARM,
    DOZE,
    SLEEP
  }

  /**
   * Most transactions end within a few polls; raising the flag for them would make others notify.
   */
  private static final int POLLS_WITH_FLAG_DOWN = 4;

  private static final int FUTILE = 2;
  private static final int POLLS_AT_FIRST_INTERVAL = 10;
  private static final double GROWTH = 1.1;
  private static final double FIRST_INTERVAL_NANOS = 1e6;

  /** At this number of polls the interval has reached its longest. */
  static final int MOST_POLLS = 83;

  private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(1);

  static WakeProtocol start(boolean announced) {
    return new WakeProtocol(announced, State.TICK, 0, 0, 0);
  }

  /** After TICK. */
  WakeProtocol ticked(Look look) {
    boolean worked = look.ticked() > 0;
    int nowProductive = worked ? productive + 1 : 0;
    int nowFutile = look.due() && !worked ? Math.min(futile + 1, FUTILE) : 0;
    if (worked) {
      // Only one tick so far: whether this is a burst or a lone event, the look of ARM will tell.
      State next = look.due() || nowProductive > 1 ? State.REST : State.ARM;
      return new WakeProtocol(announced, next, Math.min(nowProductive, 2), 0, 0);
    }
    boolean stayAwake = look.due() && nowFutile < FUTILE;
    boolean follow = look.open() && !look.due() && polls < POLLS_WITH_FLAG_DOWN;
    return new WakeProtocol(
        announced,
        stayAwake || follow ? State.REST : State.ARM,
        0,
        nowFutile,
        follow ? polls + 1 : polls);
  }

  /** After REST. */
  WakeProtocol rested() {
    return in(State.TICK);
  }

  /** After ARM. */
  WakeProtocol armed(Look look) {
    if (look.due()) {
      return in(isFutile() ? State.DOZE : State.TICK);
    }
    State next = look.open() || !announced ? State.DOZE : State.SLEEP;
    return new WakeProtocol(announced, next, 0, 0, next == State.SLEEP ? 0 : polls);
  }

  /** After DOZE or SLEEP. */
  WakeProtocol woke(boolean notified) {
    if (notified) {
      return new WakeProtocol(announced, State.TICK, 0, futile, 0);
    }
    return new WakeProtocol(
        announced,
        isFutile() ? State.TICK : State.ARM,
        0,
        futile,
        state == State.DOZE ? Math.min(polls + 1, MOST_POLLS) : 0);
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

  private boolean isFutile() {
    return futile >= FUTILE;
  }

  private WakeProtocol in(State next) {
    return new WakeProtocol(announced, next, productive, futile, polls);
  }
}
