package io.pgq4j.ticker.daemon;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.pgq4j.ticker.TickerState;
import io.pgq4j.ticker.TickerState.Role;
import io.pgq4j.ticker.daemon.HttpEndpoint.Answer;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the daemon is, at one moment.
 *
 * @param scanning whether the thread that looks for databases is alive
 * @param scanned whether the databases to tick are known
 * @param tickers by the names of their databases
 */
record Health(boolean scanning, boolean scanned, Map<String, TickerState> tickers) {

  /** Longer than any timeout of the thread that ticks: after that it will not come back. */
  private static final Duration LONGEST_SILENCE = Duration.ofMinutes(1);

  private static final JsonFactory JSON = new JsonFactory();

  /** Why the process should be started anew; empty: it need not, whatever its databases do. */
  List<String> faults() {
    List<String> faults = new ArrayList<>();
    if (!scanning) {
      faults.add("the thread that looks for databases has ended");
    }
    tickers.forEach(
        (name, state) -> silence(state).ifPresent(why -> faults.add(name + ": " + why)));
    return faults;
  }

  /** The page for who starts the process anew. */
  Answer live() {
    List<String> faults = faults();
    return answer(
        faults.isEmpty(),
        json -> {
          json.writeArrayFieldStart("faults");
          for (String fault : faults) {
            json.writeString(fault);
          }
          json.writeEndArray();
        });
  }

  /** The page for who wants to know whether every database has a ticker in this process. */
  Answer ready() {
    boolean all = tickers.values().stream().allMatch(state -> problem(state).isEmpty());
    return answer(
        scanned && all,
        json -> {
          if (!scanned) {
            json.writeStringField("problem", "the databases to tick are not known yet");
          }
          json.writeArrayFieldStart("databases");
          for (Map.Entry<String, TickerState> ticker : tickers.entrySet()) {
            write(json, ticker.getKey(), ticker.getValue());
          }
          json.writeEndArray();
        });
  }

  private static void write(JsonGenerator json, String name, TickerState state) throws IOException {
    json.writeStartObject();
    json.writeStringField("database", name);
    json.writeStringField("state", stateName(state.role()));
    json.writeStringField("since", state.since().toString());
    Optional<String> problem = problem(state);
    if (problem.isPresent()) {
      json.writeStringField("problem", problem.get());
    }
    json.writeEndObject();
  }

  /** As metrics have it, too. */
  static String stateName(Role role) {
    return switch (role) {
      case LEADER -> "leader";
      case STANDBY -> "standby";
      case STOPPED -> "stopped";
      case NEW, WAITING -> "waiting";
    };
  }

  private static Optional<String> problem(TickerState state) {
    if (state.role() == Role.LEADER || state.role() == Role.STANDBY) {
      return silence(state);
    }
    @Nullable String why = state.lastError();
    return Optional.of(why == null ? "not connected yet" : why);
  }

  private static Optional<String> silence(TickerState state) {
    return state.silence().compareTo(LONGEST_SILENCE) > 0
        ? Optional.of(
            "the thread that ticks has hung for %d s".formatted(state.silence().toSeconds()))
        : Optional.empty();
  }

  private interface Fields {
    void writeTo(JsonGenerator json) throws IOException;
  }

  private static Answer answer(boolean up, Fields fields) {
    return new Answer(
        up ? 200 : 503, "application/json", out -> write(out, up ? "up" : "down", fields));
  }

  private static void write(OutputStream out, String status, Fields fields) throws IOException {
    JsonGenerator json = JSON.createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
    json.writeStartObject();
    json.writeStringField("status", status);
    fields.writeTo(json);
    json.writeEndObject();
    json.writeRaw('\n');
    json.close();
  }
}
