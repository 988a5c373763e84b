package io.pgq4j.admin.doctor;

import static io.pgq4j.admin.doctor.Severity.ERROR;
import static io.pgq4j.admin.doctor.Severity.WARNING;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;

/**
 * What is looked for, by a query in the file {@code ID.sql} beside this class: each row is a
 * finding. Its columns stand in braces in the sentences here; {@code object} says what the finding
 * is about. The files run in psql as they are, with the {@link Limits} as variables.
 */
enum Check {
  NO_TICKER(
      ERROR,
      "No ticker runs, for {queues} queues with {events} new events.",
      "Events are stored, but no consumer sees them until somebody ticks. Start a ticker, as a service.",
      "pgq-ticker /etc/pgq-ticker/ticker.properties"),
  RESTORED(
      ERROR,
      "The ticks of {queues} queues are of another server: the database was restored or failed over.",
      "They are not ticked, lest events be lost. Stop the producers for a moment if you can.",
      "pgq-admin rebase"),
  NOT_TICKED(
      ERROR,
      "Queue '{object}' was ticked last {lag} ago, and {events} events wait.",
      "Ticking by hand shows the error that the ticker meets; its log has it, too.",
      "pgq-admin tick {object}"),
  DEAD_CONSUMER(
      ERROR,
      "Consumer '{consumer}' of queue '{queue}' is not there: {events} events wait, the oldest {lag},"
          + " and it was last seen {seen} ago.",
      "Its events are kept and fill the disk. Start its program again. If it is gone for good,"
          + " unregister it.",
      "pgq-admin unregister {queue} {consumer}"),
  LAGGING_CONSUMER(
      WARNING,
      "Consumer '{consumer}' of queue '{queue}' lags by {lag}: {events} events wait.",
      "It works, but is too slow, or waits for an event that fails: its log tells. Several processes can"
          + " share its work.",
      "pgq-admin status {queue}"),
  ROTATION_BLOCKED_BY_CONSUMER(
      WARNING,
      "Queue '{queue}' was to be rotated {overdue} ago, but consumer '{consumer}' still needs the"
          + " oldest events.",
      "Events pile up on disk ({size} now); nothing else suffers. Start the consumer, or resume it. If"
          + " it is gone for good, unregister it.",
      "pgq-admin unregister {queue} {consumer}"),
  ROTATION_BLOCKED_BY_TRANSACTION(
      WARNING,
      "Queue '{queue}' was to be rotated {overdue} ago, but process {pid} has had a transaction open for"
          + " {open} in which it wrote events: user '{user}', {state}, last query: {query}",
      "Events pile up on disk ({size} now). Ending the session rolls its transaction back.",
      "psql -c 'select pg_terminate_backend({pid})'"),
  ROTATION_BLOCKED_BY_PREPARED_TRANSACTION(
      WARNING,
      "Queue '{queue}' was to be rotated {overdue} ago, but user '{user}' prepared a transaction with"
          + " events {open} ago and has not ended it: '{gid}'",
      "Events pile up on disk ({size} now), and those of this transaction wait. Ask its transaction"
          + " manager whether to commit it instead.",
      "psql --dbname={database} -c {statement}"),
  ROTATION_BLOCKED_BY_LOCK(
      WARNING,
      "Queue '{queue}' was to be rotated {overdue} ago, but process {pid} holds a lock on its tables"
          + " ({mode}) for {open}: user '{user}', {state}, last query: {query}",
      "Events pile up on disk; nothing else suffers. A dump ends by itself.",
      "psql -c 'select pg_terminate_backend({pid})'"),
  OLD_TRANSACTION(
      WARNING,
      "Process {pid} has had a transaction open for {open}: user '{user}', {state}, last query: {query}",
      "VACUUM cannot remove what was deleted since, in any table of the database. Ending the session"
          + " rolls its transaction back.",
      "psql -c 'select pg_terminate_backend({pid})'"),
  OLD_PREPARED_TRANSACTION(
      WARNING,
      "User '{user}' prepared a transaction in database '{database}' {open} ago and has not ended it:"
          + " '{gid}'",
      "Its locks stay, and VACUUM cannot remove what was deleted since. Ask its transaction manager"
          + " whether to commit it instead.",
      "psql --dbname={database} -c {statement}"),
  UNUSED_REPLICATION_SLOT(
      WARNING,
      "Nobody uses the replication slot '{object}', which keeps what {transactions} transactions"
          + " removed, and {wal} of write-ahead log.",
      "VACUUM cannot remove it, and the disk fills up. Start what reads the slot, or drop it if that is"
          + " gone for good.",
      "psql -c {statement}"),
  NOTIFICATION_QUEUE(
      ERROR,
      "The server's notification queue is {percent} % full. Process {pid} has been at it for the longest"
          + " time ({open}): user '{user}', {state}, last query: {query}",
      "When it is full, every commit that notifies fails. A session that listens and stays in a"
          + " transaction holds it up; the server's log names it.",
      "psql -c 'select pg_terminate_backend({pid})'"),
  SETTING(
      WARNING,
      "The server runs with {object} = {setting}.",
      "{why}",
      "psql -c {statement} -c 'select pg_reload_conf()'"),
  TRIGGERS_OFF(
      ERROR,
      "Sessions of {object} begin with session_replication_role = replica.",
      "Triggers do not fire there: what they change in watched tables is lost to consumers.",
      "psql -c {statement}"),
  MISSING_INDEX(
      ERROR,
      "The index on {object} is missing or not valid.",
      "Batches are found by reading all of a table instead, ever slower. Making the index locks the"
          + " table against writers for that time.",
      "psql -c {statement}"),
  WATCHED_FOR_PAUSED_QUEUE(
      WARNING,
      "Table {object} is watched for queue '{queue}', which is paused.",
      "Its changes are stored, no consumer sees them, and nothing is rotated.",
      "pgq-admin resume {queue}"),
  WATCHED_FOR_CLOSED_QUEUE(
      ERROR,
      "Table {object} is watched for queue '{queue}', which takes no events (disable_insert).",
      "Every write to the table fails.",
      "pgq-admin config set {queue} disable_insert=false"),
  TRIGGER_DISABLED(
      ERROR,
      "Table {object} is watched, but somebody disabled the trigger.",
      "Its changes are lost to consumers.",
      "psql -c {statement}"),
  PARTITION_NOT_WATCHED(
      WARNING,
      "Table {object} is watched for queue '{queue}', but {partitions} came later.",
      "What is written straight to them is not captured until the table is watched again.",
      "psql -c {statement}"),
  DEAD_LETTERS(
      WARNING,
      "Consumer '{consumer}' of queue '{queue}' gave up {events} events within {age}; the last reason:"
          + " {reason}",
      "Nobody tries them again by himself. Mend the cause, then send them back: pgq-admin dead requeue.",
      "pgq-admin dead list {queue} {consumer}"),
  DISK_FORECAST(
      WARNING,
      "Queue '{queue}' takes {size}, {blocked}and will take {forecast} a day from now: {rate} events a"
          + " second of {bytes} bytes.",
      "More tables than the disk has room for stop the whole database. Mend what blocks its rotation,"
          + " else rotate more often.",
      "pgq-admin config {command} {queue} {option}");

  private final Severity severity;
  private final String what;
  private final String why;
  private final String cure;

  Check(Severity severity, String what, String why, String cure) {
    this.severity = severity;
    this.what = what;
    this.why = why;
    this.cure = cure;
  }

  /** As it is shown and as its file is called. */
  String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  String sql() {
    String file = id() + ".sql";
    try (InputStream in = Objects.requireNonNull(Check.class.getResourceAsStream(file), file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Finding finding(FoundRow row) {
    return new Finding(
        severity,
        id(),
        row.text("object"),
        row.sentence(what),
        row.sentence(why),
        row.command(cure));
  }
}
