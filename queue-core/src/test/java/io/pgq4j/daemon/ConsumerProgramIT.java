package io.pgq4j.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.ChildJvm;
import io.pgq4j.EventWriter;
import io.pgq4j.QueueAdmin;
import io.pgq4j.testing.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A consumer as its user runs it. */
@Timeout(120)
class ConsumerProgramIT {
  @RegisterExtension static final TestDatabase database = TestDatabase.create();

  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final QueueAdmin admin = QueueAdmin.of(database.dataSource());
  @TempDir Path directory;
  private Path config = Path.of("");
  private String queue = "";

  @BeforeEach
  void createQueue(TestInfo test) throws IOException {
    queue = test.getTestMethod().orElseThrow().getName();
    admin.createQueue(queue);
    configure("");
  }

  private void configure(String more) throws IOException {
    config =
        Files.writeString(
            directory.resolve("greeter.properties"),
            "queue=%s\nconsumer=greeter\npidfile=%s\nlog-file=%s\n%s\n"
                .formatted(queue, directory.resolve("pid"), directory.resolve("log"), more));
  }

  private void publish(String name) throws Exception {
    try (Connection connection = database.connect()) {
      EventWriter.to(queue).insert(connection, "t", name);
    }
    admin.tick(queue);
  }

  private ExitCode call(String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = config.toString();
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    PrintStream print = new PrintStream(said, true, UTF_8);
    return new ConsumerProgram(
            "greeter",
            List.of(Greeter.class.getName()),
            new ConsumerClass(Greeter.class),
            print,
            print,
            Map.of("PGQ_URL", database.url()))
        .run(all);
  }

  private ChildJvm start(String... options) throws IOException {
    Files.writeString(
        config, Files.readString(config).replaceAll("(?m)^(log-file|pidfile)=.*\n", ""));
    String[] arguments = new String[options.length + 1];
    arguments[0] = config.toString();
    System.arraycopy(options, 0, arguments, 1, options.length);
    return ChildJvm.start(Greeter.class, database.url(), List.of(), arguments);
  }

  @Test
  void itConsumesUntilASignalAndTakesANewConfigurationAtAnother() throws Exception {
    admin.register(queue, "greeter");
    publish("Ann");
    try (ChildJvm child = start()) {
      assertThat(child.awaitWords("Ann")).contains(" INFO  Hello, Ann");
      Files.writeString(config, "greetings=Hi\n");
      child.signal("HUP");
      child.awaitWords("did you mean \"greeting\"?; the configuration stays as it was");
      Files.writeString(config, "queue=%s\nconsumer=greeter\ngreeting=Hi".formatted(queue));
      child.signal("HUP");
      child.awaitWords("good bye");
      child.awaitWords("is loaded again");
      publish("Bob");
      child.awaitWords("Hi, Bob");
      child.signal("TERM");
      child.awaitWords("good bye");
      assertThat(child.exitCode()).isZero();
    }
    assertThat(admin.consumers(queue).get(0).currentBatch()).isNull();
  }

  @Test
  void aConsumerThatBreaksDownEndsItsProcess() throws Exception {
    admin.register(queue, "greeter");
    publish("Error");
    try (ChildJvm child = start("-q")) {
      child.awaitWords("stopped for good");
      assertThat(child.exitCode()).isEqualTo(ExitCode.INTERNAL_ERROR.code());
    }
    assertThat(admin.consumers(queue).get(0).currentBatch()).isNotNull();
  }

  @Test
  void itRunsInTheBackgroundUntilItIsStopped() throws Exception {
    assertThat(call("--status")).isEqualTo(ExitCode.NOT_FOUND);
    // In this JVM, but started as its users start it.
    Files.writeString(config, Files.readString(config) + "url=" + database.url() + "\n");
    assertThat(call("-d")).as("%s", said).isEqualTo(ExitCode.OK);
    while (!Files.readString(directory.resolve("log")).contains("starting, database")) {
      Thread.onSpinWait();
    }
    assertThat(call("-s")).as("%s", said).isEqualTo(ExitCode.OK);
    assertThat(call("-s")).isEqualTo(ExitCode.NOT_FOUND);
    assertThat(Files.readString(directory.resolve("log"))).contains("stopped");
  }

  @Test
  void registrationIsACommandOfItsOwn() {
    assertThat(call("--register")).isEqualTo(ExitCode.OK);
    assertThat(call("--register")).isEqualTo(ExitCode.OK);
    assertThat(admin.consumers(queue)).hasSize(1);
    assertThat(call("--bootstrap")).isEqualTo(ExitCode.USAGE);
    assertThat(call("--unregister")).isEqualTo(ExitCode.OK);
    assertThat(call("--unregister")).isEqualTo(ExitCode.NOT_FOUND);
    assertThat(said.toString(UTF_8))
        .contains(
            "consumer greeter of queue " + queue + " is registered",
            "was registered before",
            "takes no rows, only changes",
            "is not registered any more",
            "is not registered\n");
  }

  @Test
  void checkTellsWhatIsMissing() throws Exception {
    assertThat(call("--check")).isEqualTo(ExitCode.OK);
    assertThat(admin.consumers(queue)).as("it changes nothing").isEmpty();
    assertThat(call("--check", "--register=false")).isEqualTo(ExitCode.NOT_FOUND);
    assertThat(call("--check", "--greeting=mute")).isEqualTo(ExitCode.CHECK_FAILED);
    assertThat(call("--check", "--queue=elsewhere")).isEqualTo(ExitCode.NOT_FOUND);
    configure("url=jdbc:postgresql://127.0.0.1:1/nowhere");
    assertThat(
            new ConsumerProgram(
                    "greeter",
                    List.of(),
                    new ConsumerClass(Greeter.class),
                    new PrintStream(said, true, UTF_8),
                    new PrintStream(said, true, UTF_8),
                    Map.of())
                .run(config.toString(), "--check"))
        .isEqualTo(ExitCode.CANNOT_CONNECT);
    assertThat(said.toString(UTF_8))
        .contains(
            ": ok, it will be registered when it starts",
            "is not registered, and register is false",
            ": cannot speak",
            "elsewhere");
  }

  @Test
  void aCommandSaysItsAnswerAndNothingElse() throws Exception {
    try (ChildJvm child = start("--check")) {
      assertThat(child.await("")).startsWith("consumer greeter of queue ").contains(": ok");
      assertThat(child.exitCode()).isZero();
    }
  }

  @Test
  void statusTellsHowFarTheConsumerIs() throws Exception {
    Files.writeString(
        config, Files.readString(config).replaceAll("(?m)^(log-file|pidfile)=.*\n", ""));
    admin.register(queue, "greeter");
    publish("Ann");

    assertThat(call("--status")).isEqualTo(ExitCode.OK);

    assertThat(said.toString(UTF_8)).contains("about 1 events to come");
  }
}
