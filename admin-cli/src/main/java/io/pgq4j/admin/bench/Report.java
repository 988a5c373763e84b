package io.pgq4j.admin.bench;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a measurement found. */
interface Report {
  /** Prints it for people. */
  void print(PrintWriter out);

  /** The rows of the table, for programs. */
  List<Map<String, @Nullable Object>> json();
}
