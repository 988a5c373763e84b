package io.pgq4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateTest {

  private static String fill(String template, @Nullable String data) {
    Event event = new Event(7, 2, Instant.EPOCH, 0, "INSERT", data, "public.job", null, null, null);
    return Template.parse(template).fill(EventFields.of(event));
  }

  @Test
  void fieldsAreFilledInAndNumbersKeepAllTheirDigits() {
    assertThat(
            fill(
                "{event.id}/{event.type} {event.extra1}{event.extra2}: {title} {big} {exact} {yes}"
                    + " {list} {none}.",
                "{\"title\": \"a {b}\", \"big\": 9223372036854775808, \"exact\": 0.10, \"yes\": true,"
                    + " \"list\": [1, \"x\"], \"none\": null}"))
        .isEqualTo("7/INSERT public.job: a {b} 9223372036854775808 0.10 true [1,\"x\"] .");
  }

  @Test
  void bracesAreDoubledToMeanThemselves() {
    assertThat(fill("{{{title}}} }}{{", "{\"title\": \"x\"}")).isEqualTo("{x} }{");
    assertThat(fill("", null)).isEmpty();
  }

  @Test
  void anEscapeConcernsTheFieldsOnly() {
    Event event = new Event(1, 2, Instant.EPOCH, 0, "t", "{\"a\": \"<\"}", null, null, null, null);

    assertThat(
            Template.parse("<b>{a}</b>").fill(EventFields.of(event), s -> s.replace("<", "&lt;")))
        .isEqualTo("<b>&lt;</b>");
  }

  @Test
  void anEventWithoutTheFieldIsAnErrorThatNamesWhatThereIs() {
    assertThatExceptionOfType(EventDataException.class)
        .isThrownBy(() -> fill("{name}", "{\"title\": 1}"))
        .withMessageContaining("event 7 has no column \"name\", only [title]");
    assertThatExceptionOfType(EventDataException.class).isThrownBy(() -> fill("{name}", null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "}", "{a", "a}", "{a{b}", "{}", "{ }", "{event.nothing}", "{{a}"})
  void aTemplateThatCannotBeReadIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Template.parse(text));
  }
}
