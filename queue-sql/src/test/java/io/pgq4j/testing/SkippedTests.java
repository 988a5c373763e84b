package io.pgq4j.testing;

import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/** Prints each test that is skipped, and why; Maven only counts them. Only in our own builds. */
public final class SkippedTests implements TestExecutionListener {

  private @Nullable TestPlan plan;

  @Override
  public void testPlanExecutionStarted(TestPlan testPlan) {
    plan = testPlan;
  }

  @Override
  public void executionSkipped(TestIdentifier test, String reason) {
    print(test, reason);
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    if (result.getStatus() == TestExecutionResult.Status.ABORTED) {
      print(test, result.getThrowable().map(Throwable::getMessage).orElse("no reason given"));
    }
  }

  private void print(TestIdentifier test, String reason) {
    if (!Boolean.getBoolean("pgq.test.print-skipped")) {
      return;
    }
    String parent =
        plan == null ? "" : plan.getParent(test).map(p -> p.getDisplayName() + ".").orElse("");
    System.out.println("SKIPPED " + parent + test.getDisplayName() + ": " + reason);
  }
}
