package io.pgq4j.admin.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {
  private static final String RTL_OVERRIDE = "\u202E";

  @Test
  void controlAndFormatCharactersOfANameAreEscaped() {
    assertThat(Printable.name("a\u001b[2Jb\nc\td\u0000")).isEqualTo("a\\u001B[2Jb\\nc\\td\\u0000");
    assertThat(Printable.name(RTL_OVERRIDE + "gpj.exe")).isEqualTo("\\u202Egpj.exe");
    assertThat(Printable.name("\u2028\uD800")).isEqualTo("\\u2028\\uD800");
  }

  @Test
  void tagCharactersBeyondTheFirstPlaneAreEscapedToo() {
    assertThat(Printable.name("a" + Character.toString(0xE0041))).isEqualTo("a\\u{E0041}");
  }

  @Test
  void aNameThatLooksLikeAnEscapeIsNotTakenForOne() {
    assertThat(Printable.name("a\\n")).isEqualTo("a\\\\n");
  }

  @Test
  void emojiAndOtherScriptsStayAsTheyAre() {
    String name = "задания 仕事 \uD83D\uDC69\u200D\uD83D\uDCBB";
    assertThat(Printable.name(name)).isEqualTo(name);
  }

  @Test
  void aLongNameIsCutInASentence() {
    assertThat(Printable.quoted("x".repeat(200))).hasSize(73).startsWith("'xxx").endsWith("x…'");
    assertThat(Printable.quoted("jobs")).isEqualTo("'jobs'");
  }

  @Test
  void aCutNeverSplitsASurrogatePair() {
    String emoji = "\uD83D\uDE00";
    assertThat(Printable.quoted(emoji.repeat(100))).isEqualTo("'" + emoji.repeat(70) + "…'");
  }

  @Test
  void aSentenceIsOneLine() {
    assertThat(Printable.sentence(" no such queue\n  Hint: create\r\nit\u0007 "))
        .isEqualTo("no such queue; Hint: create; it\\u0007");
  }

  @Test
  void noSentenceShowsAPassword() {
    assertThat(
            Printable.sentence("cannot use postgresql://ann:s3c:r@t@host/db?password=s3cret&x=1"))
        .isEqualTo("cannot use postgresql://ann:***@host/db?password=***&x=1");
    assertThat(Printable.sentence("bad jdbc:postgresql://ann:s3cret@host/db"))
        .isEqualTo("bad jdbc:postgresql://ann:***@host/db");
    assertThat(Printable.sentence("host=h password='a b' user=u"))
        .isEqualTo("host=h password=*** user=u");
  }

  @Test
  void widthCountsColumnsNotCharacters() {
    assertThat(Printable.width("jobs")).isEqualTo(4);
    assertThat(Printable.width("仕事")).isEqualTo(4);
    assertThat(Printable.width("\uD83D\uDE00")).isEqualTo(2);
    assertThat(Printable.width("e\u0301")).isEqualTo(1);
  }
}
