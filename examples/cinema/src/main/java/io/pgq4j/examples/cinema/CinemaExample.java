package io.pgq4j.examples.cinema;

import io.pgq4j.examples.Example;
import io.pgq4j.examples.Stage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bin/example cinema}. */
@Command(
    name = "cinema",
    header = "Seat counts and materialised views follow the seats of cinemas",
    description = {
      "Agents write down which seats are taken. The columns with the counts of an auditorium follow"
          + " within a second, and materialised views are refreshed by schedule and by change, each"
          + " run written down.",
    },
    footer = {"", "Example:", "  bin/example cinema --auditoriums 5000 --rate 500 --for 1m"})
public final class CinemaExample extends Example {
  @Option(
      names = "--auditoriums",
      paramLabel = "N",
      defaultValue = "2000",
      description = "How many, of 200 seats each, default ${DEFAULT-VALUE}")
  private int auditoriums;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "200",
      description = "Transactions per second, of one to eight seats, default ${DEFAULT-VALUE}")
  private double rate;

  @Override
  protected void checkOptions() {
    check(auditoriums >= 100 && auditoriums <= 100_000, "--auditoriums must be 100 to 100000");
    check(rate > 0 && rate <= 100_000, "--rate must be more than 0 and at most 100000");
  }

  @Override
  protected void show(Stage stage) throws Exception {
    stage.screen().title("Cinema on pgq4j: what is derived from seats follows them");
    new Show(stage, auditoriums, rate).run();
  }
}
