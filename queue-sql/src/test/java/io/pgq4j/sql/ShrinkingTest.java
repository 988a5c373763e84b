package io.pgq4j.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShrinkingTest {

  private static final List<Integer> NUMBERS = IntStream.range(0, 100).boxed().toList();

  @Test
  void onlyWhatIsNeededIsLeft() throws Exception {
    List<Integer> needed = List.of(3, 41, 42, 99);
    assertThat(Shrinking.shrink(NUMBERS, some -> some.containsAll(needed))).isEqualTo(needed);
  }

  @Test
  void orderIsKept() throws Exception {
    assertThat(
            Shrinking.shrink(
                NUMBERS, some -> some.indexOf(7) < some.indexOf(70) && some.contains(7)))
        .isEqualTo(List.of(7, 70));
  }
}
