package io.pgq4j.testing.history;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All consumers get the same events in the same order between two ticks. */
final class AgreementCheck implements Check {

  private static final int REMEMBERED = 5000;

  private record Between(long from, long to) {}

  private record Content(int count, int hash, String reader) {}

  private final Map<Between, Content> contents =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Between, Content> eldest) {
          return size() > REMEMBERED;
        }
      };

  @Override
  public void see(Fact fact, Verdict verdict) {
    if (fact instanceof Fact.Read read) {
      List<Long> ids = read.fresh().stream().map(Delivered::id).toList();
      Content content = new Content(ids.size(), ids.hashCode(), read.consumer());
      Content before = contents.putIfAbsent(new Between(read.from().id(), read.to().id()), content);
      if (before != null && (before.hash != content.hash || before.count != content.count)) {
        verdict.broken(
            "%s has %s events, and %s got %s or others",
            read, content.count, before.reader, before.count);
      }
    }
  }
}
