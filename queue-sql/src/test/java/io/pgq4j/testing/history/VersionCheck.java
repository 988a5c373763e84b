package io.pgq4j.testing.history;

import io.pgq4j.testing.history.Delivered.RowChange;
import java.util.HashMap;
import java.util.Map;

/**
 * Changes of one row arrive in commit order: each version is the one before plus one. A row whose
 * first change was not seen may have any version; versions begin at 1.
 */
final class VersionCheck implements Check {

  /** By consumer and row the last version; negative: it was deleted. */
  private final Map<String, Map<String, Integer>> consumers = new HashMap<>();

  @Override
  public void see(Fact fact, Verdict verdict) {
    if (fact instanceof Fact.Moved moved) {
      consumers.remove(moved.consumer());
    } else if (fact instanceof Fact.Left left) {
      consumers.remove(left.consumer());
    } else if (fact instanceof Fact.Passed passed) {
      Map<String, Integer> versions =
          consumers.computeIfAbsent(passed.batch().consumer(), name -> new HashMap<>());
      for (Delivered event : passed.batch().fresh()) {
        if (event.row() != null) {
          change(event.row(), versions, passed.batch(), verdict);
        }
      }
    }
  }

  private static void change(
      RowChange change, Map<String, Integer> versions, Fact.Read batch, Verdict verdict) {
    boolean isDelete = change.operation().equals("DELETE");
    boolean isInsert = change.operation().equals("INSERT");
    Integer before = versions.put(change.row(), isDelete ? -change.version() : change.version());
    if (before != null) {
      boolean wasThere = before >= 0;
      int expected = Math.abs(before) + (isDelete ? 0 : 1);
      if (change.version() != expected || isInsert == wasThere) {
        verdict.broken(
            "%s: %s after version %s%s",
            batch, change, Math.abs(before), wasThere ? "" : ", deleted");
      }
    }
    if (isDelete && !Rows.comesBack(change.row())) {
      versions.remove(change.row());
    }
  }
}
