package io.pgq4j;

import io.pgq4j.internal.Spool;
import java.io.IOException;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The statements that end a batch. */
final class BatchFinish implements AutoCloseable {
  /** Each chunk makes the database read the batch again, so it is as large as memory allows. */
  private static final int CHUNK_EVENTS = 50_000;

  private static final long CHUNK_BYTES = 8L << 20;

  private static final String HOLD =
      "select pgq.event_hold(?, ?, ?, array("
          + "select make_interval(secs => s) from unnest(?::float8[]) with ordinality u (s, o)"
          + " order by o), ?)";

  private static final String RETRY =
      "select pgq.event_retry(?, ?, array("
          + "select make_interval(secs => s) from unnest(?::float8[]) with ordinality u (s, o)"
          + " order by o))";

  private final PreparedStatement finish;
  private final PreparedStatement retry;
  private final PreparedStatement dead;
  private final PreparedStatement failed;
  private final PreparedStatement hold;

  BatchFinish(Connection connection) throws SQLException {
    this.finish = connection.prepareStatement("select pgq.finish_batch(?)");
    this.retry = connection.prepareStatement(RETRY);
    this.dead = connection.prepareStatement("select pgq.event_dead(?, ?, ?)");
    this.failed = connection.prepareStatement("select pgq.event_failed(?, ?, ?)");
    this.hold = connection.prepareStatement(HOLD);
  }

  /** Finishes the batch. Returns false if it is no longer the current one of its consumer. */
  boolean finish(long batchId) throws SQLException {
    finish.setLong(1, batchId);
    return QueueSession.queryLong(finish) == 1;
  }

  /** Moves the events to the retry queue, to their lines and to the dead letters, in chunks. */
  void pass(long batchId, Spool<Verdict> verdicts) throws SQLException, IOException {
    while (verdicts.size() > 0) {
      // All kinds in one map: of two verdicts on one event the last one counts. Of two in different
      // chunks the database sees to it.
      Map<Long, Verdict> chunk = new LinkedHashMap<>();
      long bytes = 0;
      while (chunk.size() < CHUNK_EVENTS && bytes < CHUNK_BYTES && verdicts.size() > 0) {
        Verdict verdict = Objects.requireNonNull(verdicts.poll());
        chunk.put(verdict.eventId(), verdict);
        bytes += Verdict.Codec.INSTANCE.weight(verdict);
      }
      retry(batchId, ofKind(Verdict.Kind.RETRY, chunk));
      giveReasons(dead, batchId, ofKind(Verdict.Kind.DEAD, chunk));
      giveReasons(failed, batchId, ofKind(Verdict.Kind.FAILED, chunk));
      hold(batchId, chunk.values().stream().filter(Verdict::holds).toList());
    }
  }

  private static List<Verdict> ofKind(Verdict.Kind kind, Map<Long, Verdict> chunk) {
    return chunk.values().stream()
        .filter(verdict -> verdict.kind() == kind && !verdict.holds())
        .toList();
  }

  private void retry(long batchId, List<Verdict> verdicts) throws SQLException {
    if (verdicts.isEmpty()) {
      return;
    }
    Object[] seconds = verdicts.stream().map(v -> v.delay().toMillis() / 1e3).toArray();
    retry.setLong(1, batchId);
    retry.setArray(2, ids(verdicts));
    retry.setArray(3, retry.getConnection().createArrayOf("float8", seconds));
    QueueSession.queryLong(retry);
  }

  private void hold(long batchId, List<Verdict> verdicts) throws SQLException {
    if (verdicts.isEmpty()) {
      return;
    }
    hold.setLong(1, batchId);
    hold.setArray(2, ids(verdicts));
    HeldEvents.set(hold, 3, "text", verdicts, Verdict::key);
    HeldEvents.set(hold, 4, "float8", verdicts, HeldEvents::seconds);
    HeldEvents.set(hold, 5, "text", verdicts, HeldEvents::reason);
    QueueSession.queryLong(hold);
  }

  private void giveReasons(PreparedStatement call, long batchId, List<Verdict> verdicts)
      throws SQLException {
    if (verdicts.isEmpty()) {
      return;
    }
    Object[] reasons = verdicts.stream().map(Verdict::reason).toArray();
    call.setLong(1, batchId);
    call.setArray(2, ids(verdicts));
    call.setArray(3, call.getConnection().createArrayOf("text", reasons));
    QueueSession.queryLong(call);
  }

  private Array ids(List<Verdict> verdicts) throws SQLException {
    Object[] ids = verdicts.stream().map(Verdict::eventId).toArray();
    return finish.getConnection().createArrayOf("int8", ids);
  }

  @Override
  public void close() throws SQLException {
    try (finish;
        retry;
        dead;
        hold) {
      failed.close();
    }
  }
}
