package io.pgq4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ChangeTest {

  record Person(long id, String name, @Nullable BigDecimal pay) {}

  private static final String ANN = "{\"id\":9007199254740993,\"name\":\"Ann\",\"pay\":0.10}";

  private static Event event(@Nullable String type, @Nullable String data, @Nullable String old) {
    return new Event(1, 2, Instant.EPOCH, 0, type, data, "public.person", old, "id,name", null);
  }

  @Test
  void anInsertHasTheRowAfterAndADeleteTheRowBefore() {
    Person ann = new Person(9007199254740993L, "Ann", new BigDecimal("0.10"));

    Change<Person> insert = event("INSERT", ANN, null).change(Person.class);
    Change<Person> delete = event("DELETE", ANN, null).change(Person.class);

    assertThat(insert)
        .isEqualTo(
            new Change<>(
                Change.Kind.INSERT,
                "public.person",
                null,
                ann,
                Set.of("id", "name", "pay"),
                List.of("id", "name")));
    assertThat(delete.kind()).isEqualTo(Change.Kind.DELETE);
    assertThat(delete.before()).isEqualTo(ann);
    assertThat(delete.after()).isNull();
  }

  @Test
  void anUpdateWithItsOldRowTellsWhatChanged() {
    Change<Person> change =
        event("UPDATE", ANN, "{\"id\":9007199254740993,\"name\":\"Ann\",\"pay\":0.1}")
            .change(Person.class);

    assertThat(change.before())
        .isEqualTo(new Person(9007199254740993L, "Ann", new BigDecimal("0.1")));
    assertThat(change.columns()).containsExactly("pay");
    assertThat(change.changed("pay")).isTrue();
    assertThat(change.changed("name")).isFalse();
  }

  @Test
  void anUpdateWithItsChangedColumnsOnlyHasTheWholeRowBefore() {
    Change<Person> change =
        event("UPDATE", ANN, "{\"name\":\"***\",\"pay\":null}").change(Person.class);

    assertThat(change.before()).isEqualTo(new Person(9007199254740993L, "***", null));
    assertThat(change.after()).isEqualTo(event("INSERT", ANN, null).row(Person.class));
    assertThat(change.columns()).containsExactlyInAnyOrder("name", "pay");
  }

  @Test
  void anUpdateWithoutItsOldRowMayHaveChangedEverything() {
    Change<Person> change = event("UPDATE", ANN, null).change(Person.class);

    assertThat(change.before()).isNull();
    assertThat(change.columns()).containsExactlyInAnyOrder("id", "name", "pay");
  }

  @Test
  void aTruncateHasNoRow() {
    Change<Person> change = event("TRUNCATE", null, null).change(Person.class);

    assertThat(change.before()).isNull();
    assertThat(change.after()).isNull();
    assertThat(change.columns()).isEmpty();
  }

  @Test
  void whatIsNoChangeOfARowIsAnError() {
    assertThatExceptionOfType(EventDataException.class)
        .isThrownBy(() -> event("welcome", ANN, null).change(Person.class))
        .withMessageContaining("its type is welcome");
    assertThatExceptionOfType(EventDataException.class)
        .isThrownBy(() -> event(null, ANN, null).change(Person.class));
    assertThatExceptionOfType(EventDataException.class)
        .isThrownBy(() -> event("UPDATE", ANN, "{\"id\":null}").change(Person.class))
        .withMessageContaining("event 1");
  }

  @Test
  void otherEventsAreGivenUpUnlessTheConsumerTakesThem() throws Exception {
    List<Object> got = new ArrayList<>();
    class People extends ChangeConsumer<Person> {
      People() {
        super("q", "c", Person.class);
      }

      @Override
      protected void process(Change<Person> change, Event event) {
        got.add(change.kind());
      }
    }
    Consumer strict = new People();
    Consumer lenient =
        new People() {
          @Override
          protected void processOther(Event event) {
            got.add(String.valueOf(event.type()));
          }
        };

    strict.process(event("INSERT", ANN, null));
    lenient.process(event("welcome", "no JSON", null));

    assertThat(got).containsExactly(Change.Kind.INSERT, "welcome");
    assertThatExceptionOfType(EventDataException.class)
        .isThrownBy(() -> strict.process(event("welcome", ANN, null)));
  }
}
