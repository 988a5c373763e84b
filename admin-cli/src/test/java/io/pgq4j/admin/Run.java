package io.pgq4j.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgq4j.admin.internal.Terminal;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** One run of a command in this JVM. */
record Run(int exitCode, String out, String err) {
  static final Terminal NO_TERMINAL = Terminal.none();

  static Run with(Map<String, String> environment, String... args) {
    return on(NO_TERMINAL, environment, args);
  }

  static Run withInput(String input, Map<String, String> environment, String... args) {
    return on(
        Terminal.none(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8))),
        environment,
        args);
  }

  static Run on(Terminal terminal, Map<String, String> environment, String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        Main.commandLine(environment, terminal)
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(args);
    return new Run(exitCode, out.toString(), err.toString());
  }

  /** A screen of this width, with somebody before it who types. */
  static Terminal terminal(int width, String typed) {
    return new Terminal(true, true, width, 24, false, new BufferedReader(new StringReader(typed)));
  }

  JsonNode json() throws JsonProcessingException {
    return new ObjectMapper().readTree(out);
  }
}
