package io.pgq4j.admin.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CsvTest {
  @Test
  void onlyWhatNeedsQuotesHasThem() {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    Csv.line(out, Arrays.asList("plain", "a,b", "say \"hi\"", "two\nlines", "", null, 7L, true));
    Csv.line(out, List.of(Duration.ofMillis(1500), List.of("a", "b")));
    assertThat(text)
        .hasToString("plain,\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",\"\",,7,true\n1.5,a;b\n");
  }

  @Test
  void anObjectIsOneRow() {
    assertThat(print(JsonObject.of("queue", "jobs").with("created", true).map()))
        .isEqualTo("queue,created\njobs,true\n");
  }

  @Test
  void aListOfObjectsIsOneRowEachAndWhatIsInsideIsNamedByItsPath() {
    Map<String, ?> mailer =
        JsonObject.of("consumer", "mailer").with("run", JsonObject.of("host", "h").map()).map();
    Map<String, ?> archiver = JsonObject.of("consumer", "archiver").with("run", null).map();
    Map<String, ?> object =
        JsonObject.of(
                "queues",
                List.of(
                    JsonObject.of("queue", "empty").with("consumers", List.of()).map(),
                    JsonObject.of("queue", "jobs")
                        .with("consumers", List.of(mailer, archiver))
                        .map()))
            .map();
    assertThat(print(object))
        .isEqualTo(
            """
            queue,consumers.consumer,consumers.run.host,consumers.run
            empty,,,
            jobs,mailer,h,
            jobs,archiver,,
            """);
  }

  @Test
  void withoutRowsNothingIsKnownOfTheColumns() {
    assertThat(print(JsonObject.of("queues", List.of()).map())).isEmpty();
  }

  private static String print(Map<String, ?> object) {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text, true);
    Csv.print(out, object);
    return text.toString();
  }
}
