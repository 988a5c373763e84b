package io.pgq4j.admin.shell;

import java.util.Locale;

/** The shells for which there is a completion. */
enum Shell {
  BASH,
  ZSH,
  FISH;

  /** As the user writes it and as the help shows it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
