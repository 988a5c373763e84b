package io.pgq4j.admin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LocalesTest {
  private static final String[] DAMAGED = {"create-queue", "\uFFFD\uFFFD"};

  @Test
  void lostCharactersAreNoticedWhereTheLocaleLosesThem() {
    assertThat(Locales.isDamaged(DAMAGED, "ANSI_X3.4-1968")).isTrue();
    assertThat(Locales.isDamaged(new String[] {"status"}, "ANSI_X3.4-1968")).isFalse();
  }

  @Test
  void underUtf8AReplacementCharacterIsJustAName() {
    assertThat(Locales.isDamaged(DAMAGED, "UTF-8")).isFalse();
    assertThat(Locales.isDamaged(DAMAGED, null)).isFalse();
  }
}
