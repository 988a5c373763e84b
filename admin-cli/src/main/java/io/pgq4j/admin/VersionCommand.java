package io.pgq4j.admin;

import io.pgq4j.admin.internal.AdminCommand;
import io.pgq4j.admin.internal.CommandFailure;
import io.pgq4j.admin.internal.ExitCode;
import io.pgq4j.admin.internal.JsonObject;
import io.pgq4j.sql.SchemaStatus;
import io.pgq4j.sql.SchemaStatus.State;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Objects;
import java.util.Properties;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

@Command(
    name = "version",
    description = {
      "Shows the versions of this program and of the database's schema.",
      "The exit code is 5 when they do not fit. Without a database, see 'pgq-admin --version'.",
      "JSON: {\"pgq_admin\": …, \"schema\": {\"state\": \"current\"|\"missing\"|\"older\"|\"newer\"|"
          + "\"foreign\", \"installed\": number, \"needed\": number}}"
    },
    footer = "  pgq-admin version -o json")
final class VersionCommand extends AdminCommand {
  @Override
  protected void run() {
    SchemaStatus schema = schemaStatus();
    print(json(schema), out -> table(out, schema));
    if (schema.state() != State.CURRENT) {
      throw new CommandFailure(ExitCode.SCHEMA, schema.explanation());
    }
  }

  private static JsonObject json(SchemaStatus schema) {
    return JsonObject.of("pgq_admin", ownVersion())
        .with(
            "schema",
            JsonObject.of("state", state(schema))
                .with("installed", schema.installed())
                .with("needed", schema.available())
                .map());
  }

  private static void table(PrintWriter out, SchemaStatus schema) {
    out.println("pgq-admin  " + ownVersion());
    out.println(
        "schema     "
            + switch (schema.state()) {
              case CURRENT -> String.valueOf(schema.installed());
              case OLDER, NEWER ->
                  schema.installed() + " (" + state(schema) + " than " + schema.available() + ")";
              case MISSING, FOREIGN -> state(schema);
            });
  }

  private static String state(SchemaStatus schema) {
    return schema.state().name().toLowerCase(Locale.ROOT);
  }

  private static String ownVersion() {
    Properties properties = new Properties();
    try (InputStream in = VersionCommand.class.getResourceAsStream("version.properties")) {
      properties.load(Objects.requireNonNull(in, "version.properties"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version", "unknown");
  }

  static final class Provider implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"pgq-admin " + ownVersion()};
    }
  }
}
