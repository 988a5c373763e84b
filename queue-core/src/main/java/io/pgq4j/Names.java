package io.pgq4j;

/** What a queue or consumer may be called, as far as it can be told without the database. */
final class Names {
  private Names() {}

  static String check(String what, String name) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException(what + " name is empty");
    }
    if (name.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(what + " name contains a control character");
    }
    return name;
  }
}
