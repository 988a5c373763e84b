package io.pgq4j.admin.internal;

import java.util.Locale;

enum OutputFormat {
  TABLE,
  JSON,
  CSV;

  /** As the user writes it and as the help shows it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
