package io.pgq4j.daemon;

import io.pgq4j.Consumer;
import io.pgq4j.internal.Nearest;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * Gives consumers a command line: {@code CONFIG [-v | -q] [-d]}, {@code CONFIG -s | -r | --register
 * | --bootstrap | --unregister | --check | --status | --dump-config}, {@code --sample-config},
 * {@code --help}.
 *
 * <pre>{@code
 * public static void main(String[] args) {
 *   ConsumerMain.run(JobMailer.class, args);
 * }
 * }</pre>
 *
 * <p>As a main class it is {@code pgq-consumer NAME CONFIG}, which runs one of the {@link
 * ReadyConsumer}s of the class path.
 */
public final class ConsumerMain {
  private static final String PROGRAM = "pgq-consumer";

  private ConsumerMain() {}

  /**
   * Runs a consumer as its command line says, then ends the JVM with an {@link ExitCode}.
   *
   * <p>The class has a constructor with {@link io.pgq4j.Settings}, or one without parameters, of
   * any visibility. The first gets the configuration: what {@link Consumer#Consumer(
   * io.pgq4j.Settings)} needs, and the keys of the class's own, which are its static fields of type
   * {@link io.pgq4j.Setting}. A consumer that is {@link Startable} is started before its first
   * event, one that is {@link AutoCloseable} closed after its end; for {@code --check} it may be a
   * {@link SelfCheck}. It must connect to nothing when it is made, as each of these options makes
   * one.
   *
   * @throws IllegalArgumentException if the class has no such constructor
   */
  public static void run(Class<? extends Consumer> type, String... arguments) {
    exit(
        new ConsumerProgram(
                type.getSimpleName(),
                List.of(type.getName()),
                new ConsumerClass(type),
                System.out,
                System.err,
                System.getenv())
            .run(arguments));
  }

  /** {@code pgq-consumer}; see its {@code --help}. */
  public static void main(String[] arguments) {
    exit(run(System.out, System.err, System.getenv(), arguments));
  }

  private static void exit(ExitCode code) {
    System.out.flush();
    System.exit(code.code());
  }

  static ExitCode run(
      PrintStream out, PrintStream err, Map<String, String> environment, String... arguments) {
    List<ReadyConsumer> known =
        ServiceLoader.load(ReadyConsumer.class).stream()
            .map(ServiceLoader.Provider::get)
            .sorted(Comparator.comparing(ReadyConsumer::name))
            .toList();
    String name = arguments.length == 0 ? "" : arguments[0];
    if (name.equals("-h") || name.equals("--help")) {
      out.print(help(known));
      return ExitCode.OK;
    }
    Optional<ReadyConsumer> chosen =
        known.stream().filter(consumer -> consumer.name().equals(name)).findFirst();
    if (chosen.isEmpty()) {
      err.println(PROGRAM + ": " + unknown(name, known));
      err.println(PROGRAM + " --help shows which there are.");
      return ExitCode.USAGE;
    }
    return new ConsumerProgram(
            PROGRAM + " " + name,
            List.of(ConsumerMain.class.getName(), name),
            chosen.get(),
            out,
            err,
            environment)
        .run(Arrays.copyOfRange(arguments, 1, arguments.length));
  }

  private static String unknown(String name, List<ReadyConsumer> known) {
    if (name.isEmpty()) {
      return "the NAME of a consumer is missing";
    }
    return "there is no consumer \""
        + name
        + "\""
        + Nearest.to(name, known.stream().map(ReadyConsumer::name).toList())
            .map(near -> ": did you mean \"" + near + "\"?")
            .orElse("");
  }

  private static String help(List<ReadyConsumer> known) {
    StringBuilder text =
        new StringBuilder(
            """
            Usage: pgq-consumer NAME CONFIG [-v | -q] [-d]
                   pgq-consumer NAME CONFIG -s | -r | --status | --check | --register | --bootstrap
                   pgq-consumer NAME CONFIG --unregister
                   pgq-consumer NAME --sample-config | --help

            Runs a consumer that needs no code, only a configuration:

            """);
    for (ReadyConsumer consumer : known) {
      text.append("  %-10s %s%n".formatted(consumer.name(), consumer.summary()));
    }
    return text.append(
            """

            Example:
              pgq-consumer NAME --sample-config > consumer.properties
              pgq-consumer NAME consumer.properties --check && pgq-consumer NAME consumer.properties
            """)
        .toString();
  }
}
