package io.pgq4j.consumers.telegram;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TextSplitterTest {
  private static final String SMILE = "😀";

  @Test
  void aTextOfExactlyTheLimitStaysWhole() {
    String text = "x".repeat(4096);
    assertThat(TextSplitter.split(text, 4096)).containsExactly(text);
  }

  @Test
  void oneUnitMoreMakesASecondPart() {
    assertThat(TextSplitter.split("x".repeat(4097), 4096)).containsExactly("x".repeat(4096), "x");
  }

  @Test
  void lineEndIsPreferredToBlank() {
    assertThat(TextSplitter.split("abcdef\ngh ijkl", 10)).containsExactly("abcdef\n", "gh ijkl");
  }

  @Test
  void blankIsPreferredToTheMiddleOfAWord() {
    assertThat(TextSplitter.split("abcdef gh", 8)).containsExactly("abcdef ", "gh");
  }

  @Test
  void lineEndInTheFirstHalfDoesNotMakeATinyPart() {
    assertThat(TextSplitter.split("a\nbcdefghijklm", 10)).containsExactly("a\nbcdefghi", "jklm");
  }

  @Test
  void surrogatePairIsNotCut() {
    assertThat(TextSplitter.split("123456789" + SMILE + "x", 10))
        .containsExactly("123456789", SMILE + "x");
  }

  @Test
  void loneHighSurrogateAtTheCutDoesNoHarm() {
    String text = "123456789\uD83Dabc";
    assertThat(TextSplitter.split(text, 10)).containsExactly("123456789\uD83D", "abc");
  }

  @Test
  void blankPartsAreLeftOutBecauseTelegramRefusesThem() {
    assertThat(TextSplitter.split("abc" + " ".repeat(30) + "def", 10))
        .allSatisfy(part -> assertThat(part).isNotBlank())
        .last()
        .asString()
        .endsWith("def");
  }

  @Test
  void anyTextComesTogetherAgainFromPartsWithinTheLimit() {
    Random random = new Random(7);
    String[] pieces = {"word", " ", "\n", SMILE, "ж", "e\u0301", "longerword"};
    for (int round = 0; round < 500; round++) {
      StringBuilder text = new StringBuilder("x");
      for (int i = 0; i < 200; i++) {
        // No two blanks in a row, so that no part is blank and left out.
        text.append(pieces[random.nextInt(pieces.length)]).append('x');
      }
      List<String> parts = TextSplitter.split(text.toString(), 20);
      assertThat(String.join("", parts)).isEqualTo(text.toString());
      assertThat(parts)
          .allSatisfy(
              part -> {
                assertThat(part.length()).isBetween(1, 20);
                assertThat(Character.isLowSurrogate(part.charAt(0))).isFalse();
                assertThat(Character.isHighSurrogate(part.charAt(part.length() - 1))).isFalse();
              });
    }
  }
}
