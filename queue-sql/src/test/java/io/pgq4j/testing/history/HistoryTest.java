package io.pgq4j.testing.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.testing.history.Delivered.RowChange;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each promise is broken once, in a history where all else is well. */
class HistoryTest {

  private static final Tick START = tick(1, "10:10:");
  private static final Tick MIDDLE = tick(2, "10:20:15");
  private static final Tick END = tick(3, "30:30:");
  private static final Fact HERE = new Fact.Moved("c", START);

  /**
   * Two transactions until the middle; one that was in progress then, and a third, until the end.
   */
  private static final Booked TEN = new Booked(10, "ten", List.of(1, 2));

  private static final Booked FIFTEEN = new Booked(15, "fifteen", List.of(1));
  private static final Booked TWENTY = new Booked(20, "twenty", List.of(1));

  private static final List<Delivered> EVENTS_OF_TEN =
      List.of(event(1, TEN, 0, 0), event(3, TEN, 1, 0), event(4, TEN, 1, 1));
  private static final List<Delivered> LATER =
      List.of(event(2, FIFTEEN, 0, 0), event(5, TWENTY, 0, 0));

  private static final Fact.Read FIRST = read(1, START, MIDDLE, EVENTS_OF_TEN, TEN);
  private static final Fact.Read SECOND = read(2, MIDDLE, END, LATER, FIFTEEN, TWENTY);

  @Test
  void historyWhereAllIsWellIsAccepted() {
    assertThat(
            broken(
                HERE,
                new Fact.Registered("c", 10, START),
                new Fact.Ticks(List.of(START, MIDDLE, END)),
                FIRST,
                FIRST,
                finished(1, true),
                finished(1, false),
                SECOND,
                new Fact.Retrying("c", List.of(5L)),
                new Fact.Retried("c", List.of(5L)),
                finished(2, true),
                new Fact.Emptied("slot", Set.of(10L, 15L), Map.of("c", END.snapshot())),
                new Fact.Worked("c", 3, 3),
                read(3, END, tick(4, "40:40:"), List.of(retried(5))),
                finished(3, true),
                new Fact.Drained("c", tick(4, "40:40:")),
                new Fact.Total(3, 45)))
        .isEmpty();
  }

  @Test
  void lostEventIsFound() {
    assertBroken("ContentCheck", "has 2 of the 3 events", first(EVENTS_OF_TEN.subList(0, 2)));
  }

  @Test
  void lostTransactionIsFound() {
    assertBroken("ContentCheck", "has 0 of the 3 events", first(List.of()));
  }

  @Test
  void eventThatComesTwiceInABatchIsFound() {
    assertBroken("ContentCheck", "has 4 of the 3", first(with(EVENTS_OF_TEN, event(4, TEN, 1, 1))));
  }

  @Test
  void eventOfNoCommittedTransactionIsFound() {
    Booked phantom = new Booked(12, "phantom", List.of(1));
    assertBroken(
        "ContentCheck",
        "of no transaction between its ticks",
        first(with(EVENTS_OF_TEN, event(9, phantom, 0, 0))));
  }

  @Test
  void eventThatWasRolledBackToASavepointIsFound() {
    Delivered undone = event(9, TEN, Delivered.ROLLED_BACK, 0);
    assertBroken("ContentCheck", "rolled back", first(with(EVENTS_OF_TEN, undone)));
  }

  @Test
  void subtransactionInPlaceOfTheTransactionIsFound() {
    Booked sub = new Booked(11, "ten", List.of(1, 2));
    assertBroken(
        "ContentCheck",
        "another transaction",
        first(List.of(event(1, TEN, 0, 0), event(3, sub, 1, 0), event(4, TEN, 1, 1))));
  }

  @Test
  void transactionThatGoesOnInTheNextBatchIsFound() {
    Fact.Read next = read(2, MIDDLE, END, with(LATER, event(9, TEN, 1, 1)), FIFTEEN, TWENTY);
    assertBroken("ContentCheck", "of no transaction between its ticks", FIRST, next);
  }

  @Test
  void eventsOutOfTheirOrderAreFound() {
    assertBroken(
        "OrderCheck",
        "after",
        first(List.of(event(3, TEN, 0, 0), event(1, TEN, 1, 0), event(4, TEN, 1, 1))));
    assertBroken(
        "OrderCheck",
        "after",
        first(List.of(event(1, TEN, 1, 0), event(3, TEN, 0, 0), event(4, TEN, 1, 1))));
    assertBroken(
        "OrderCheck",
        "after",
        first(List.of(event(1, TEN, 0, 0), event(3, TEN, 1, 1), event(4, TEN, 1, 0))));
  }

  @Test
  void batchThatIsNotWhatItMeansIsFound() {
    assertBroken(
        "MeaningCheck",
        "means [1, 2, 3, 4]",
        new Fact.Read("c", 1, START, MIDDLE, EVENTS_OF_TEN, List.of(TEN), ids(1, 2, 3, 4)));
  }

  @Test
  void batchThatChangesWhenItIsReadAgainIsFound() {
    assertBroken(
        "PositionCheck", "had changed", FIRST, read(1, MIDDLE, END, LATER, FIFTEEN, TWENTY));
  }

  @Test
  void batchThatIsFinishedTwiceIsFound() {
    assertBroken("PositionCheck", "was over", FIRST, finished(1, true), finished(1, true));
  }

  @Test
  void windowThatIsFinishedTwiceIsFound() {
    assertBroken(
        "PositionCheck",
        "was at tick 2 and finished batch 7",
        FIRST,
        finished(1, true),
        read(7, START, MIDDLE, EVENTS_OF_TEN, TEN),
        finished(7, true));
  }

  @Test
  void finishOfABatchThatWasDroppedIsFound() {
    assertBroken("PositionCheck", "was over", FIRST, HERE, finished(1, true));
  }

  @Test
  void windowThatIsPassedOverIsFound() {
    assertBroken(
        "PositionCheck",
        "is at tick 1 and should be at tick 3",
        SECOND,
        finished(2, true),
        new Fact.Drained("c", END));
  }

  @Test
  void consumerThatStopsEarlyIsFound() {
    assertBroken(
        "PositionCheck",
        "is at tick 2 and should be at tick 3",
        FIRST,
        finished(1, true),
        new Fact.Drained("c", END));
  }

  @Test
  void versionsThatAreNotOneMoreAreFound() {
    assertBroken("VersionCheck", "after version 1", rows(insert("a", 1), update("a", 3)));
    assertBroken("VersionCheck", "after version 1", rows(insert("a", 1), insert("a", 2)));
    assertBroken("VersionCheck", "deleted", rows(insert("a", 1), delete("a", 1), update("a", 2)));
  }

  @Test
  void consumersThatDisagreeAreFound() {
    Fact.Read others =
        new Fact.Read(
            "other",
            8,
            START,
            MIDDLE,
            List.of(event(1, TEN, 0, 0), event(3, TEN, 1, 0), event(5, TEN, 1, 1)),
            List.of(TEN),
            null);
    assertBroken("AgreementCheck", "and c got", FIRST, new Fact.Moved("other", START), others);
  }

  @Test
  void tickThatSeesLessThanTheOneBeforeIsFound() {
    assertBroken(
        "TickCheck", "does not follow", new Fact.Ticks(List.of(START, tick(2, "9:20:9,15"))));
    assertBroken("TickCheck", "does not follow", new Fact.Ticks(List.of(END, tick(4, "20:20:"))));
    assertBroken("TickCheck", "does not follow", new Fact.Ticks(List.of(MIDDLE, START)));
  }

  @Test
  void retryThatNobodyAskedForIsFound() {
    assertBroken(
        "RetryCheck",
        "nobody asked",
        read(1, START, MIDDLE, List.of(retried(1))),
        finished(1, true));
  }

  @Test
  void retryThatDoesNotComeIsFound() {
    assertBroken(
        "RetryCheck",
        "waits for event 3",
        new Fact.Retrying("c", List.of(3L)),
        new Fact.Retried("c", List.of(3L)),
        FIRST,
        finished(1, true),
        new Fact.Drained("c", MIDDLE));
  }

  @Test
  void tableThatWasEmptiedTooEarlyIsFound() {
    assertBroken(
        "RotationCheck",
        "c has not finished transaction 15",
        new Fact.Emptied("slot", Set.of(10L, 15L), Map.of("c", MIDDLE.snapshot())));
  }

  @Test
  void batchThatIsNotTheSumOfItsPartsIsFound() {
    Fact.Read whole = read(9, START, END, List.of(event(1, TEN, 0, 0)), TEN);
    assertThat(broken(new Fact.Composed(whole, List.of(FIRST, SECOND))))
        .singleElement()
        .asString()
        .startsWith("CompositionCheck")
        .contains("[1, 2, 3, 4, 5]");
  }

  @Test
  void consumerThatMissesTheTransactionThatRegisteredItIsFound() {
    assertBroken("RegistrationCheck", "sees transaction 10", new Fact.Registered("c", 10, MIDDLE));
  }

  @Test
  void workThatIsDoneTwiceOrNotAtAllIsFound() {
    assertBroken("WorkCheck", "its work is done up to tick 1", new Fact.Worked("c", 2, 1));
  }

  @Test
  void transactionThatNoTickEverShowsIsFound() {
    assertBroken("TotalCheck", "committed were 2", FIRST, finished(1, true), new Fact.Total(2, 22));
  }

  @Test
  void unexpectedErrorIsFound() {
    assertBroken("FailureCheck", "boom", new Fact.Failed("producer", "boom"));
  }

  private static Fact.Read first(List<Delivered> events) {
    return read(1, START, MIDDLE, events, TEN);
  }

  /** A consumer that passes these changes of a row. */
  private static Fact rows(RowChange... changes) {
    List<Delivered> events =
        Stream.of(changes)
            .map(change -> new Delivered(1, 10, null, "ten", 0, Delivered.ANY, change))
            .toList();
    return new Fact.Passed(
        read(1, START, MIDDLE, events, new Booked(10, "ten", List.of(changes.length))));
  }

  private static RowChange insert(String row, int version) {
    return new RowChange(row + " 1", "INSERT", version);
  }

  private static RowChange update(String row, int version) {
    return new RowChange(row + " 1", "UPDATE", version);
  }

  private static RowChange delete(String row, int version) {
    return new RowChange(row + " 1", "DELETE", version);
  }

  /** The last fact breaks one promise, once. */
  private static void assertBroken(String check, String how, Fact... facts) {
    assertThat(broken(Stream.concat(Stream.of(HERE), Stream.of(facts)).toArray(Fact[]::new)))
        .singleElement()
        .asString()
        .startsWith(check)
        .contains(how);
  }

  private static List<String> broken(Fact... facts) {
    History history = new History();
    for (Fact fact : facts) {
      assertThat(history.broken()).isEmpty();
      history.record(fact);
    }
    return history.broken();
  }

  private static Tick tick(long id, String snapshot) {
    return new Tick(id, Snapshot.parse(snapshot));
  }

  private static Delivered event(long id, Booked by, int statement, int place) {
    return new Delivered(id, by.transaction(), null, by.name(), statement, place, null);
  }

  private static Delivered retried(long id) {
    return new Delivered(id, 35, 1, "twenty", 0, 0, null);
  }

  private static Fact.Read read(
      long batch, Tick from, Tick to, List<Delivered> events, Booked... committed) {
    return new Fact.Read("c", batch, from, to, events, List.of(committed), null);
  }

  private static Fact.Finished finished(long batch, boolean accepted) {
    return new Fact.Finished("c", batch, accepted);
  }

  private static List<Delivered> with(List<Delivered> events, Delivered more) {
    return Stream.concat(events.stream(), Stream.of(more)).toList();
  }

  private static List<Long> ids(long... ids) {
    return LongStream.of(ids).boxed().toList();
  }
}
