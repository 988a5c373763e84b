package io.pgq4j.ticker;

import io.pgq4j.ticker.WakeProtocol.State;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A model of the wake protocol: producers and the ticker take their steps in every possible order.
 * The ticker's decisions are the real ones, {@link WakeProtocol}; the database around it is the
 * model's. A wake-up is lost if the ticker sleeps, nobody is left to wake it, and committed events
 * are unticked. Heartbeats are left out: they would hide the loss for ten seconds.
 */
final class WakeModel {

  /** How the model differs from the protocol. */
  enum Mistake {
    NONE,
    TICKER_LOOKS_BEFORE_IT_ARMS,
    TICKER_LOOKS_FOR_EVENTS_BEFORE_PRODUCERS,
    TICKER_FORGETS_NOTIFICATIONS_AFTER_LOOK,
    TICKER_DOES_NOT_FOLLOW_OPEN_PRODUCERS,
    PRODUCER_LOOKS_BEFORE_IT_LOCKS
  }

  /** What a producer does, step by step. */
  enum Act {
    LOCK,
    INSERT,
    LOOK,
    COMMIT,
    ROLL_BACK,
    UNLOCK,
    NOTIFY
  }

  /** A producer's way through its script. */
  record Producer(List<Act> script, int next, boolean locked, boolean sawFlag, boolean committed) {
    static Producer of(List<Act> script) {
      return new Producer(script, 0, false, false, false);
    }

    boolean done() {
      return next == script.size();
    }
  }

  /**
   * A moment of the whole.
   *
   * @param step how many steps of the present state of the protocol the ticker has taken
   * @param ticked whether the tick of this state found something
   * @param open, due what the look has seen so far
   * @param covered the producers whose events are in ticks, as bits
   */
  record Moment(
      WakeProtocol protocol,
      int step,
      boolean ticked,
      boolean open,
      boolean due,
      boolean flag,
      boolean notification,
      int covered,
      List<Producer> producers) {

    boolean allDone() {
      return producers.stream().allMatch(Producer::done);
    }

    boolean uncovered() {
      for (int i = 0; i < producers.size(); i++) {
        if (producers.get(i).committed() && (covered & (1 << i)) == 0) {
          return true;
        }
      }
      return false;
    }

    boolean producersOpen() {
      return producers.stream().anyMatch(Producer::locked);
    }
  }

  private final Mistake mistake;
  private final boolean announced;
  private final int inVain;
  private int explored;

  WakeModel(Mistake mistake, boolean announced) {
    this(mistake, announced, 0);
  }

  /**
   * @param inVain how many notifications in vain the ticker has heard before it begins
   */
  WakeModel(Mistake mistake, boolean announced, int inVain) {
    this.mistake = mistake;
    this.announced = announced;
    this.inVain = inVain;
  }

  int explored() {
    return explored;
  }

  static List<Act> oneInsert() {
    return List.of(Act.LOCK, Act.INSERT, Act.LOOK, Act.COMMIT, Act.UNLOCK, Act.NOTIFY);
  }

  static List<Act> twoInserts() {
    return List.of(
        Act.LOCK, Act.INSERT, Act.LOOK, Act.INSERT, Act.LOOK, Act.COMMIT, Act.UNLOCK, Act.NOTIFY);
  }

  static List<Act> rolledBack() {
    return List.of(Act.LOCK, Act.INSERT, Act.LOOK, Act.ROLL_BACK, Act.UNLOCK);
  }

  /** Goes through all orders; returns a moment in which a wake-up is lost. */
  Optional<Moment> findLostWakeUp(List<List<Act>> scripts) {
    List<Producer> producers = new ArrayList<>();
    for (List<Act> script : scripts) {
      producers.add(
          Producer.of(mistake == Mistake.PRODUCER_LOOKS_BEFORE_IT_LOCKS ? lookFirst() : script));
    }
    Set<Moment> seen = new HashSet<>();
    Deque<Moment> open = new ArrayDeque<>();
    WakeProtocol start = new WakeProtocol(announced, State.TICK, false, 0, 0, inVain);
    open.push(new Moment(start, 0, false, false, false, false, false, 0, producers));
    while (!open.isEmpty()) {
      Moment now = open.pop();
      if (!seen.add(now)) {
        continue;
      }
      explored++;
      if (now.allDone()) {
        // From here on the ticker is alone: there is one way only.
        if (!settles(now)) {
          return Optional.of(now);
        }
      } else {
        next(now).forEach(open::push);
      }
    }
    return Optional.empty();
  }

  private static List<Act> lookFirst() {
    return List.of(Act.LOOK, Act.LOCK, Act.INSERT, Act.COMMIT, Act.UNLOCK, Act.NOTIFY);
  }

  /** Once the producers are done the ticker must tick all events before it sleeps. */
  private boolean settles(Moment from) {
    Moment now = from;
    for (int steps = 0; steps < 400; steps++) {
      boolean asleep = now.protocol().state() == State.SLEEP && !now.notification();
      if (asleep || !now.uncovered()) {
        return !now.uncovered();
      }
      now = tickerSteps(now).get(0);
    }
    return false;
  }

  private List<Moment> next(Moment now) {
    List<Moment> next = new ArrayList<>(tickerSteps(now));
    for (int i = 0; i < now.producers().size(); i++) {
      if (!now.producers().get(i).done()) {
        next.add(producerStep(now, i));
      }
    }
    return next;
  }

  private Moment producerStep(Moment now, int index) {
    Producer p = now.producers().get(index);
    Act act = p.script().get(p.next());
    Producer after =
        new Producer(
            p.script(),
            p.next() + 1,
            act == Act.LOCK || (p.locked() && act != Act.UNLOCK),
            p.sawFlag() || (act == Act.LOOK && now.flag()),
            p.committed() || act == Act.COMMIT);
    List<Producer> producers = new ArrayList<>(now.producers());
    producers.set(index, after);
    boolean notifies = act == Act.NOTIFY && p.sawFlag() && announced;
    return new Moment(
        now.protocol(),
        now.step(),
        now.ticked(),
        now.open(),
        now.due(),
        now.flag(),
        now.notification() || notifies,
        now.covered(),
        List.copyOf(producers));
  }

  private List<Moment> tickerSteps(Moment now) {
    return switch (now.protocol().state()) {
      case TICK -> tickSteps(now);
      case REST -> List.of(enter(now, now.protocol().rested(), now.notification()));
      case WAKE -> wakeSteps(now);
      case ARM -> List.of(armStep(now));
      case DOZE ->
          now.notification()
              ? List.of(enter(now, now.protocol().woke(true), false))
              : List.of(enter(now, now.protocol().woke(false), false));
      case SLEEP ->
          now.notification() ? List.of(enter(now, now.protocol().woke(true), false)) : List.of();
    };
  }

  /** The usual one first: how it ends when the ticker is left alone. */
  private List<Moment> tickSteps(Moment now) {
    return switch (now.step()) {
      // It may look at some of the queues only, and these producers' may be others.
      case 0 -> List.of(tick(now), tickOthers(now));
      // With the flag down it need not look, if it stays awake.
      case 1 ->
          now.flag()
              ? List.of(at(now, false))
              : List.of(at(now, false), busy(now, now.protocol().busy(now.ticked() ? 1 : 0)));
      case 2 -> List.of(lookForProducers(now));
      case 3 -> List.of(lookForEvents(now));
      default -> List.of(enter(now, now.protocol().ticked(look(now)), now.notification()));
    };
  }

  private static List<Moment> wakeSteps(Moment now) {
    int ticked = now.ticked() ? 1 : 0;
    return now.step() == 0
        ? List.of(tick(now))
        : List.of(
            busy(now, now.protocol().wokenTick(ticked, false)),
            busy(now, now.protocol().wokenTick(ticked, true)));
  }

  private static Moment busy(Moment now, WakeProtocol next) {
    return enter(now, next, now.notification());
  }

  private Moment armStep(Moment now) {
    List<Integer> order =
        switch (mistake) {
          case TICKER_LOOKS_BEFORE_IT_ARMS -> List.of(2, 3, 1);
          case TICKER_LOOKS_FOR_EVENTS_BEFORE_PRODUCERS -> List.of(1, 3, 2);
          case TICKER_FORGETS_NOTIFICATIONS_AFTER_LOOK -> List.of(1, 2, 3, 0);
          default -> List.of(1, 2, 3);
        };
    if (now.step() == order.size()) {
      return enter(now, now.protocol().armed(look(now)), now.notification());
    }
    return switch (order.get(now.step())) {
      case 0 -> forgetNotifications(now);
      case 1 -> at(now, announced);
      case 2 -> lookForProducers(now);
      default -> lookForEvents(now);
    };
  }

  private Look look(Moment now) {
    boolean open = now.open() && mistake != Mistake.TICKER_DOES_NOT_FOLLOW_OPEN_PRODUCERS;
    return new Look(now.ticked() ? 1 : 0, now.due(), open, null, null);
  }

  private static Moment tick(Moment now) {
    int covered = now.covered();
    for (int i = 0; i < now.producers().size(); i++) {
      if (now.producers().get(i).committed()) {
        covered |= 1 << i;
      }
    }
    return new Moment(
        now.protocol(),
        1,
        now.uncovered(),
        false,
        false,
        now.flag(),
        now.notification(),
        covered,
        now.producers());
  }

  private static Moment tickOthers(Moment now) {
    return at(now, now.flag());
  }

  private static Moment at(Moment now, boolean flag) {
    return new Moment(
        now.protocol(),
        now.step() + 1,
        now.ticked(),
        now.open(),
        now.due(),
        flag,
        now.notification(),
        now.covered(),
        now.producers());
  }

  private static Moment forgetNotifications(Moment now) {
    return new Moment(
        now.protocol(),
        now.step() + 1,
        now.ticked(),
        now.open(),
        now.due(),
        now.flag(),
        false,
        now.covered(),
        now.producers());
  }

  private static Moment lookForProducers(Moment now) {
    return new Moment(
        now.protocol(),
        now.step() + 1,
        now.ticked(),
        now.producersOpen(),
        now.due(),
        now.flag(),
        now.notification(),
        now.covered(),
        now.producers());
  }

  private static Moment lookForEvents(Moment now) {
    return new Moment(
        now.protocol(),
        now.step() + 1,
        now.ticked(),
        now.open(),
        now.uncovered(),
        now.flag(),
        now.notification(),
        now.covered(),
        now.producers());
  }

  private static Moment enter(Moment now, WakeProtocol next, boolean notification) {
    return new Moment(
        next, 0, false, false, false, now.flag(), notification, now.covered(), now.producers());
  }
}
