package io.pgq4j.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReferencePageTest {
  private static final Path PAGE = Path.of("..", "docs", "reference", "consumer.md");

  @Test
  void theCommittedPageIsWhatTheProgramSays() throws IOException {
    if (Boolean.getBoolean("pgq.docs.update")) {
      Files.writeString(PAGE, page());
    }
    assertThat(Files.readString(PAGE))
        .as(
            "docs/reference/consumer.md is out of date. Write it anew with: ./mvnw -pl queue-core -am"
                + " test -Dtest=ReferencePageTest -Dpgq.docs.update=true")
        .isEqualTo(page());
  }

  private static String page() {
    return """
        # Consumers as programs

        What every consumer has that [`ConsumerMain`](../how-to/run-a-consumer.md) runs; here one that declares a key `greeting`
        of its own.

        ```text
        %s```

        ## Configuration

        A properties file; an unknown key is an error. `Greeter --sample-config`:

        ```properties
        %s```

        A consumer needs role `pgq_reader`, or the right to consume on its queue, and one connection; one more listens
        for wake-ups.
        """
        .formatted(output("--help"), output("--sample-config"));
  }

  private static String output(String option) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(out, true, UTF_8);
    ConsumerProgram program =
        new ConsumerProgram(
            "Greeter",
            List.of(Greeter.class.getName()),
            new ConsumerClass(Greeter.class),
            print,
            print,
            Map.of());
    assertThat(program.run(option)).isEqualTo(ExitCode.OK);
    return out.toString(UTF_8);
  }
}
