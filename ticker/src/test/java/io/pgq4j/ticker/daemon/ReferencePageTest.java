package io.pgq4j.ticker.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.daemon.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReferencePageTest {
  private static final Path PAGE = Path.of("..", "docs", "reference", "pgq-ticker.md");

  @Test
  void theCommittedPageIsWhatTheProgramSays() throws IOException {
    if (Boolean.getBoolean("pgq.docs.update")) {
      Files.writeString(PAGE, page());
    }
    assertThat(Files.readString(PAGE))
        .as(
            "docs/reference/pgq-ticker.md is out of date. Write it anew with: ./mvnw -pl ticker -am"
                + " test -Dtest=ReferencePageTest -Dsurefire.failIfNoSpecifiedTests=false"
                + " -Dpgq.docs.update=true")
        .isEqualTo(page());
  }

  private static String page() {
    return """
        # pgq-ticker

        Makes ticks, moves retries back, rotates and compacts. To embed it: `io.pgq4j.ticker.Ticker`.

        ```text
        %s```

        ## Configuration

        A properties file; an unknown key is an error. `pgq-ticker --sample-config`:

        ```properties
        %s```

        Up to six connections to each database, as `pgq-ticker`, `pgq-ticker retry`, `pgq-ticker rotation`,
        `pgq-ticker compaction`, and when there is work for them `pgq-ticker extra` (functions in `queue_extra_maint`) and
        `pgq-ticker vacuum`. The first one needs a session of its own; behind a pooler set `pooled=true`.
        Ticking needs role `pgq_admin`; dropping the tables of dropped queues needs the owner of the schema. While it is
        scraped there is one more, `pgq-ticker metrics`, for as long as the database is read.

        ## HTTP

        With `http-listen`, for GET and HEAD:

        | | |
        |---|---|
        | `/metrics` | [metrics](metrics.md), in Prometheus' text format |
        | `/health/live` | 503 when only starting the process anew helps: a thread hangs. A database that is down is no such case |
        | `/health/ready` | 503 unless every database has a ticker in this process that leads or stands by |

        Both healths answer JSON that says why. A port alone is that of the loopback address. Who can reach the endpoint can
        read names of databases, queues and consumers, and error messages; there is no login. `http-listen` is read
        when the program starts, and not again.
        """
        .formatted(output("--help"), output("--sample-config"));
  }

  private static String output(String option) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(out, true, UTF_8);
    assertThat(new Main(print, print, Map.of()).run(option)).isEqualTo(ExitCode.OK);
    return out.toString(UTF_8);
  }
}
