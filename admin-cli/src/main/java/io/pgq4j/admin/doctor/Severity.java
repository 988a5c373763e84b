package io.pgq4j.admin.doctor;

/** How much a finding matters. */
public enum Severity {
  /** Events are late, lost or refused now, or soon will be. */
  ERROR,
  /** Nothing is late yet; it will be, or disk fills up. */
  WARNING
}
