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
 * @param inVain notifications in a row after which there was nothing to tick
 */
record WakeProtocol(
    boolean announced, State state, boolean warm, int barren, int polls, int inVain) {

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

  /** So many notifications in vain, and the flag goes down: somebody produces for nobody. */
  static final int MOST_IN_VAIN = 8;

  /** Then it polls, first after 17 ms, and listens again after these 20 polls, a second. */
  private static final int FIRST_POLL_UNHEARING = 40;

  private static final int LAST_POLL_UNHEARING = 60;

  /** At this number of polls the interval has reached its longest. */
  static final int MOST_POLLS = 83;

  private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(1);

  static WakeProtocol start(boolean announced) {
    return new WakeProtocol(announced, State.TICK, false, 0, 0, 0);
  }

  private WakeProtocol to(State next, boolean nowWarm, int nowBarren, int nowPolls) {
    return new WakeProtocol(announced, next, nowWarm, nowBarren, nowPolls, inVain);
  }

  private WakeProtocol heardInVain(int times) {
    return new WakeProtocol(announced, state, warm, barren, polls, Math.min(times, MOST_IN_VAIN));
  }

  /**
   * After a TICK that was not followed by a look: it ticked something, or a queue is held until its
   * consumers have read more, or it is too early to fall asleep.
   */
  WakeProtocol busy(long ticked) {
    return ticked > 0
        ? to(State.REST, true, 0, 0).heardInVain(0)
        : to(State.REST, warm, 0, Math.min(polls + 1, MOST_POLLS));
  }

  /** After TICK and a look. */
  WakeProtocol ticked(Look look) {
    if (look.ticked() > 0) {
      return busy(look.ticked());
    }
    if (look.due()) {
      int nowBarren = Math.min(barren + 1, STUCK);
      return to(nowBarren < STUCK ? State.REST : State.ARM, warm, nowBarren, polls);
    }
    if (isUnhearing()) {
      return polls < LAST_POLL_UNHEARING
          ? to(State.REST, warm, 0, polls + 1)
          : to(State.ARM, warm, 0, 0).heardInVain(MOST_IN_VAIN - 1);
    }
    boolean follow = look.open() && polls < POLLS_WITH_FLAG_DOWN;
    return to(follow ? State.REST : State.ARM, warm, 0, follow ? polls + 1 : polls);
  }

  /** After REST. */
  WakeProtocol rested() {
    return to(State.TICK, warm, barren, polls);
  }

  /** After WAKE. */
  WakeProtocol wokenTick(long ticked, boolean stayAwake) {
    if (stayAwake) {
      return busy(ticked);
    }
    return ticked > 0
        ? to(State.ARM, true, 0, 0).heardInVain(0)
        : to(State.ARM, warm, Math.min(barren + 1, STUCK), polls).heardInVain(inVain + 1);
  }

  /** After ARM. */
  WakeProtocol armed(Look look) {
    if (look.due() && !isStuck()) {
      // Once is a lone event. Twice without waiting is a burst: lower the flag, and keep a pace.
      return to(warm ? State.TICK : State.WAKE, warm, barren, polls);
    }
    if (!look.due() && isUnhearing()) {
      return to(State.TICK, false, 0, FIRST_POLL_UNHEARING);
    }
    int nowBarren = look.due() ? barren : 0;
    return look.due() || look.open() || !announced
        ? to(State.DOZE, false, nowBarren, polls)
        : to(State.SLEEP, false, 0, 0);
  }

  /** After DOZE or SLEEP. */
  WakeProtocol woke(boolean notified) {
    if (notified) {
      return to(State.WAKE, false, barren, 0);
    }
    if (state == State.SLEEP) {
      return to(isStuck() ? State.WAKE : State.ARM, false, barren, 0).heardInVain(0);
    }
    int nowPolls = Math.min(polls + 1, MOST_POLLS);
    return to(isStuck() ? State.WAKE : State.ARM, false, barren, nowPolls);
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

  private boolean isUnhearing() {
    return inVain >= MOST_IN_VAIN;
  }

  /**
   * A queue is due and cannot be ticked: locked by another session, say. Trying fast helps nobody.
   */
  private boolean isStuck() {
    return barren >= STUCK;
  }
}
