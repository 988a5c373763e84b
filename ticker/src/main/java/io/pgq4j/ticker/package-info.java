/**
 * The ticker, for embedding in an application; {@code io.pgq4j.ticker.daemon} is the program around
 * it. Users need {@link io.pgq4j.ticker.Ticker} and {@link io.pgq4j.ticker.TickerConfig} only. The
 * rest of this page is the protocol that the package-private classes carry out.
 *
 * <h2>Leader and standby</h2>
 *
 * Any number of tickers may run against one database. The one whose tick connection holds the
 * session-level advisory lock {@code pg_try_advisory_lock(8099566924954430322)} (the bytes of
 * {@code pgq4tikr}) leads, the others stand by: they listen to {@code pgq_ticker_lead} and ask for
 * the lock every one and a half seconds. They ask and never wait in the lock: a statement that
 * waits has a snapshot, which would hold VACUUM back for as long as the leader lives.
 *
 * <pre>
 *   WAITING --schema there, server writable--> STANDBY --lock taken--> LEADER
 *      ^                                          |                      |
 *      +---------- any error, connection lost ----+----------------------+
 * </pre>
 *
 * <p>Ticks are made on the connection that holds the lock and on no other. So there is no time for
 * which a leader trusts itself: when the connection is gone the lock is gone, and with it the only
 * way to tick. A leader that was paused and wakes finds its connection closed; if it wakes before
 * the server noticed, it still holds the lock. Retry, rotation and compaction use connections of
 * their own and may overlap for one round with those of a new leader; the SQL functions behind them
 * are safe beside each other, and so are even ticks, which the queue's own lock serialises.
 *
 * <p>A leader that goes lowers the wake flag, gives the lock back, and notifies {@code
 * pgq_ticker_lead}, in this order: so it cannot lower the flag of its successor, and who is woken
 * finds the lock free. A leader that dies leaves the flag as it was: if it was up, producers notify
 * a channel to which nobody listens until the next leader's first tick.
 *
 * <h2>Without a session</h2>
 *
 * Behind a transaction-pooling proxy no lock, no LISTEN and no setting outlives a transaction.
 * There the ticker ({@link io.pgq4j.ticker.LeasedTickDuty}) calls one function, {@code
 * pgq.ticker_leased}, again and again, each call a transaction that goes to the server as a whole.
 * A call takes the leader's lock until it commits, and between the calls of a holder a lease keeps
 * the others off: two sequences, who holds it and when that was renewed, changed under the lock
 * alone.
 *
 * <ul>
 *   <li>A holder trusts itself for no time either: each call looks at the lease in the transaction
 *       that ticks. One that was paused, and whose lease another one took meanwhile, is refused.
 *   <li>The server's clock decides. A lease counts from its renewal, so a clock that is ahead ends
 *       it early, and a renewal in the future, which a clock that stepped back leaves behind, is
 *       none.
 *   <li>A ticker with a session goes first: it can take the lock between any two calls, and then
 *       all calls are refused. It never looks at the lease.
 *   <li>Nobody can wake it, so it keeps the flag down and polls: after a tick at the pace of a busy
 *       ticker, then at growing intervals up to {@code pollInterval}.
 * </ul>
 *
 * <h2>The wake protocol</h2>
 *
 * A sleeping ticker is woken by producers, a busy one is not disturbed by them. Between them stands
 * the <em>wake flag</em>, a sequence, seen by all sessions at once and not part of any transaction.
 * A producer's steps, in its own transaction:
 *
 * <pre>
 *   P1 take the transaction id; lock the event table, as every insert does
 *   P2 nextval of the event id, insert
 *   P3 look at the flag: if it is up, remember to notify
 *   P4 commit: events become visible, the lock goes, the notification goes out
 * </pre>
 *
 * <p>The ticker's states ({@link io.pgq4j.ticker.WakeProtocol}), with what it does in each:
 *
 * <pre>
 *   TICK   tick the queues that are due, commit; unless it is clear that it goes on (REST): lower
 *          the flag, then look. Most often only queues are ticked that were busy a moment ago
 *   REST   wait for the pace of a busy ticker, longer and longer if nothing is ticked
 *   WAKE   tick all queues that are due, commit (flag up)
 *   ARM    raise the flag, then look
 *   DOZE   wait for a notification, at most a short time (flag up)
 *   SLEEP  wait for a notification, at most until a tick is due by the clock, or the heartbeat (flag up)
 *
 *   look = first: open, is a producer in flight (does any transaction hold the lock of P1)?
 *          then, with a newer snapshot: due, can a queue be ticked now?
 *
 *   start                                                                     -> TICK
 *   TICK   ticked something, or a queue is held, or too early to sleep        -> REST
 *          looks due                                                          -> REST
 *          looks open, the first few times                                    -> REST
 *          unhearing, for a second                                            -> REST
 *          otherwise, or ticked nothing twice although due                    -> ARM
 *   REST   time over                                                          -> TICK
 *   WAKE   a queue is held, or too early to sleep                             -> REST
 *          otherwise                                                          -> ARM
 *   ARM    looks due, something was ticked since the last wait (a burst)      -> TICK
 *          looks due, nothing was                                             -> WAKE
 *          unhearing, and not due                                             -> TICK
 *          looks open, or ticked nothing twice although due                   -> DOZE
 *          neither                                                            -> SLEEP
 *   DOZE   notified, or ticked nothing twice although due                     -> WAKE
 *          time over                                                          -> ARM
 *   SLEEP  notified                                                           -> WAKE
 *          time over                                                          -> ARM
 * </pre>
 *
 * <p>Before a TICK or a WAKE the ticker rests for as long as the round before demands ({@link
 * io.pgq4j.ticker.Rounds}): the first tick after a pause comes at once, and no tick comes too soon
 * after another, whatever woke the ticker. A queue is <em>held</em> while its consumers have not
 * read what was ticked last ({@code pgq.consumers_behind}). It is too early to sleep while it costs
 * less to look at the busy queues again.
 *
 * <p>It is <em>unhearing</em> after eight notifications in a row without anything to tick: somebody
 * produces into a queue that nobody consumes, or rolls back all the time. With the flag up each of
 * those commits would notify, which serialises them, and wake the ticker for nothing. So it lowers
 * the flag and polls, after 17 ms at first and after a tenth of a second at last; a second later it
 * raises the flag and falls asleep, if it may: one more notification in vain, and it polls again.
 * Meanwhile an event of another queue waits for a poll. A tick, or a sleep that nobody ends, makes
 * it hear again.
 *
 * <h3>Why no wake-up is lost</h3>
 *
 * Only SLEEP is long, and the ticker comes there only through an ARM whose look found nothing. Take
 * any producer that commits events, and compare its P3 with the raising of the flag in that ARM.
 *
 * <ol>
 *   <li>P3 came later: it saw the flag up (nobody but the leader lowers it, and the leader is
 *       here). It notifies with its commit, and the session has been listening since before the
 *       ARM.
 *   <li>P3 came earlier: so did P1, and when the look asked for locks the producer either held one,
 *       and the look said open; or it had committed already, and then the newer snapshot of the
 *       second half saw its events and said due, unless a tick had covered them. (Asked the other
 *       way round, a commit between the two halves would be missed by both.)
 * </ol>
 *
 * <p>What TICK does while it stays awake does not matter for this: it may look at some queues only,
 * and leave the flag as it is. The look of ARM is over all queues. Who registers the first consumer
 * of a queue makes events due that were not; it always notifies, whatever the flag.
 *
 * <p>A transaction with several inserts is in case 2 by its first P3, and rolled-back events wake
 * nobody or wake in vain. A prepared transaction keeps its locks and is open until it is resolved.
 *
 * <p>What DOZE does about open producers: their commits may not be announced, so it looks again,
 * first after a millisecond, later after about a tenth of the time it has been looking, at most a
 * second. The flag stays up meanwhile, so that everybody who comes later than the flag is announced
 * and does not wait for these polls. Where {@code max_prepared_transactions > 0} producers never
 * notify (NOTIFY and PREPARE TRANSACTION exclude each other): there every producer counts as open,
 * and an idle ticker looks once a second.
 *
 * <p>Notifications are hints. Should one be lost with a connection that died silently, the
 * heartbeat finds the work; should one be stale, it costs a tick call that ticks nothing.
 *
 * <h2>Duties</h2>
 *
 * Ticking, retry, rotation, compaction, functions of users and VACUUM are {@link
 * io.pgq4j.ticker.Duty duties} with a thread and a connection each. Only the tick duty keeps time:
 * what its looks say about retries wakes the retry duty, its ticks wake the compaction duty. The
 * rotation duty looks once per maintenance period what there is to maintain, and gives what may
 * take long, functions of users and VACUUM, to the last two. So an idle database is asked once per
 * heartbeat and once per maintenance period. A duty that fails tries again after a growing pause
 * and never hinders the others.
 */
@NullMarked
package io.pgq4j.ticker;

import org.jspecify.annotations.NullMarked;
