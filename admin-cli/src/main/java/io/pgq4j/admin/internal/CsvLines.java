package io.pgq4j.admin.internal;

import java.io.PrintWriter;
import java.util.function.Consumer;

/** Prints objects as CSV one by one, the names of their fields before the first. */
final class CsvLines implements Consumer<JsonObject> {
  private final PrintWriter out;
  private boolean begun;

  CsvLines(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void accept(JsonObject object) {
    if (!begun) {
      Csv.line(out, object.map().keySet());
      begun = true;
    }
    Csv.line(out, object.map().values());
  }
}
