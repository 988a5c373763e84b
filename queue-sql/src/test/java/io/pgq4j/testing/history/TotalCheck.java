package io.pgq4j.testing.history;

import java.util.HashMap;
import java.util.Map;

/**
 * Who was there from the beginning got as many transactions as there are in the ledger. The other
 * checks believe a tick when it says what had ended; this one finds out if it lied.
 */
final class TotalCheck implements Check {

  private static final class Sum {
    long transactions;
    long ids;
    boolean wasMoved;
  }

  private final Map<String, Sum> consumers = new HashMap<>();

  @Override
  public void see(Fact fact, Verdict verdict) {
    if (fact instanceof Fact.Moved moved) {
      Sum sum = consumers.get(moved.consumer());
      if (sum == null) {
        consumers.put(moved.consumer(), new Sum());
      } else {
        sum.wasMoved = true;
      }
    } else if (fact instanceof Fact.Left left) {
      consumers.remove(left.consumer());
    } else if (fact instanceof Fact.Passed passed) {
      Sum sum = consumers.get(passed.batch().consumer());
      if (sum != null) {
        sum.transactions += passed.batch().committed().size();
        sum.ids += passed.batch().committed().stream().mapToLong(Booked::transaction).sum();
      }
    } else if (fact instanceof Fact.Total total) {
      consumers.forEach((consumer, sum) -> compare(consumer, sum, total, verdict));
    }
  }

  private static void compare(String consumer, Sum sum, Fact.Total total, Verdict verdict) {
    if (!sum.wasMoved && (sum.transactions != total.transactions() || sum.ids != total.ids())) {
      verdict.broken(
          "%s got %s transactions, sum of ids %s; committed were %s, sum %s",
          consumer, sum.transactions, sum.ids, total.transactions(), total.ids());
    }
  }
}
