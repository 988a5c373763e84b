package io.pgq4j.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.pgq4j.Consumer;
import io.pgq4j.Event;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConsumerProgramTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  @TempDir Path directory;

  static final class Fixed extends Consumer {
    Fixed() {
      super("jobs", "mailer");
    }

    @Override
    protected void process(Event event) {}
  }

  static final class Needy extends Consumer {
    Needy(String queue) {
      super(queue, "needy");
    }
  }

  private ExitCode run(Class<? extends Consumer> type, String... arguments) {
    return new ConsumerProgram(
            type.getSimpleName(),
            List.of(type.getName()),
            new ConsumerClass(type),
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8),
            Map.of("PGUSER", "u"))
        .run(arguments);
  }

  private ExitCode configured(String lines, String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add(0, Files.writeString(directory.resolve("c.properties"), lines).toString());
    return run(Greeter.class, all.toArray(String[]::new));
  }

  @Test
  void theSampleHasTheKeysOfTheClassAndThoseOfEveryConsumerAndIsAccepted() throws IOException {
    assertThat(run(Greeter.class, "--sample-config")).isEqualTo(ExitCode.OK);

    String sample = out.toString(UTF_8);
    assertThat(sample)
        .containsSubsequence(
            "#url=\n",
            "#queue=\n",
            "#consumer=\n",
            "# how to greet (a text)\ngreeting=Hello\n",
            "register=true\n",
            "#types=\n",
            "#min-count=\n",
            "#pidfile=\n",
            "log-format=text\n");
    assertThat(configured(sample + "queue=q\nconsumer=c\n", "--dump-config"))
        .isEqualTo(ExitCode.OK);
  }

  @Test
  void aClassWithoutSettingsHasItsQueueInTheCode() throws IOException {
    assertThat(run(Fixed.class, "--sample-config")).isEqualTo(ExitCode.OK);
    assertThat(out.toString(UTF_8)).doesNotContain("queue=").contains("register=true");
  }

  @Test
  void aClassThatCannotBeMadeIsRefusedWithWhatItNeeds() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> run(Needy.class, "--help"))
        .withMessageContaining("needs a constructor without parameters, or one with io.pgq4j.Set");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "queue=q                              | consumer is not set: put it into the file",
        "queue=q;consumer=c;greetings=Hi      | did you mean \"greeting\"?",
        "queue=q;consumer=c;greeting=         | greeting must not be empty",
        "queue=;consumer=c                    | queue name is empty",
        "queue=q;consumer=c;min-count=0       | min-count in FILE must be an integer above 0",
        "queue=q;consumer=c;min-lag=0         | min-lag in FILE must be a duration above 0",
        "queue=q;consumer=c;retry-delay=2h;max-retry-delay=1h | max-retry-delay must not be less",
        "queue=q;consumer=c;workers=4         | workers needs order=by-key or order=none",
        "queue=q;consumer=c;order=odd         | order in FILE must be sequential or by-key or none",
        "queue=q;consumer=c;url=http://x      | URL"
      })
  void aWrongConfigurationIsToldBeforeTheFirstEvent(String lines, String expected)
      throws IOException {
    for (String mode : List.of("--check", "--dump-config")) {
      err.reset();
      assertThat(configured(lines.replace(';', '\n'), mode)).isEqualTo(ExitCode.USAGE);
      assertThat(err.toString(UTF_8))
          .contains(
              expected.replace("FILE", directory.resolve("c.properties").toString()),
              "Greeter --help shows how to call it");
    }
  }

  @Test
  void aFlagWinsOverTheFileAndActionsExcludeEachOther() throws IOException {
    String file = "queue=q\nconsumer=c\ngreeting=Hi\n";

    assertThat(configured(file, "--greeting=Good day", "--dump-config")).isEqualTo(ExitCode.OK);
    assertThat(out.toString(UTF_8)).contains("greeting=Good day\n");

    assertThat(configured(file, "--register", "--unregister")).isEqualTo(ExitCode.USAGE);
    assertThat(configured(file, "--registr")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString(UTF_8))
        .contains("--register and --unregister exclude each other", "did you mean --register?");
  }

  @Test
  void aReadyConsumerIsChosenByItsName() {
    assertThat(ready("--help")).isEqualTo(ExitCode.OK);
    assertThat(out.toString(UTF_8)).contains("  greeter    Greets whom the events name.\n");

    assertThat(ready("greetr", "x.properties")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString(UTF_8)).contains("did you mean \"greeter\"?");
    assertThat(ready()).isEqualTo(ExitCode.USAGE);

    out.reset();
    assertThat(ready("greeter", "--help")).isEqualTo(ExitCode.OK);
    assertThat(out.toString(UTF_8)).startsWith("Usage: pgq-consumer greeter CONFIG");
  }

  private ExitCode ready(String... arguments) {
    return ConsumerMain.run(
        new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), Map.of(), arguments);
  }
}
