package io.pgq4j.admin;

import io.pgq4j.ConsumerInfo;
import io.pgq4j.ConsumerRun;
import io.pgq4j.QueueInfo;
import io.pgq4j.admin.status.StatusReport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What the reference page and the tests show. */
final class Samples {
  private Samples() {}

  static StatusReport status() {
    QueueInfo invoices =
        new QueueInfo(
            "invoices",
            3,
            1,
            Duration.ofHours(2),
            Instant.parse("2026-01-31T08:00:00Z"),
            false,
            true,
            500,
            Duration.ZERO,
            Duration.ofMinutes(1),
            Duration.ofHours(51),
            0.0,
            0L,
            17L);
    QueueInfo jobs =
        new QueueInfo(
            "jobs",
            3,
            0,
            Duration.ofMinutes(90),
            Instant.parse("2026-01-31T10:30:00.25Z"),
            false,
            false,
            500,
            Duration.ofMillis(500),
            Duration.ofMinutes(1),
            Duration.ofMillis(412),
            120.5,
            1_234_567L,
            90_210L);
    ConsumerInfo archiver =
        new ConsumerInfo(
            "jobs",
            "archiver",
            null,
            null,
            null,
            null,
            null,
            null,
            Instant.parse("2026-01-31T10:00:00Z"),
            null);
    ConsumerInfo mailer =
        new ConsumerInfo(
            "jobs",
            "mailer",
            Duration.ofMillis(2345),
            Duration.ofMillis(12),
            90_208L,
            5501L,
            90_209L,
            250L,
            null,
            null);
    ConsumerRun run =
        new ConsumerRun(
            "jobs",
            "mailer",
            "app-1",
            4711,
            Duration.ofHours(26),
            "running",
            Duration.ofHours(3),
            "java.net.ConnectException: refused",
            Duration.ofHours(4),
            true);
    return new StatusReport(List.of(invoices, jobs), List.of(archiver, mailer), List.of(run));
  }
}
