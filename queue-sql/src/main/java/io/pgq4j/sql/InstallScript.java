package io.pgq4j.sql;

import java.util.List;

/** The installation as one file for psql. */
final class InstallScript {

  private static final String HEAD =
      """
      -- Installs pgq4j's schema pgq into a database that has none:
      --
      --   psql --file pgq4j.sql "postgresql://..."
      --
      -- It happens whole or not at all. Later versions come with pgq-admin install, which carries on
      -- from here. Generated from the sources of pgq4j-sql.

      \\set ON_ERROR_STOP on
      begin;
      set transaction isolation level read committed, read write;
      """;

  private static final String EXT_HEAD =
      """
      -- Installs pgq4j's schema pgq_ext alone, into a database without queues, whose transactions note what
      -- a consumer has done; or brings it up to date:
      --
      --   psql --file pgq4j-ext.sql "postgresql://..."
      --
      -- Generated from the sources of pgq4j-sql.

      \\set ON_ERROR_STOP on
      begin;
      set transaction isolation level read committed, read write;
      """;

  private static final String RECORD =
      """
      insert into pgq.schema_history
        (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success)
      values
        (%d, %s, '%s', 'SQL', '%s', %d, current_user, 0, true);
      """;

  private InstallScript() {}

  static String render(List<Migration> migrations) {
    StringBuilder script = new StringBuilder(HEAD);
    script.append(Migrations.read("begin.sql"));
    script.append("create schema pgq;\n").append(Migrations.read("history.sql"));
    int rank = 0;
    for (Migration migration : migrations) {
      script.append("\n-- ").append(migration.script()).append('\n').append(migration.sql());
      script.append(
          RECORD.formatted(
              ++rank,
              migration.isRepeatable() ? "null" : "'" + migration.version() + "'",
              migration.description(),
              migration.script(),
              migration.checksum()));
    }
    return script.append("commit;\n").toString();
  }

  static String renderExt(List<Migration> migrations) {
    StringBuilder script = new StringBuilder(EXT_HEAD);
    script.append(Migrations.read("begin.sql"));
    migrations.stream()
        .filter(migration -> migration.description().matches("ext\\b.*"))
        .forEach(migration -> script.append(migration.sql()));
    return script.append(Migrations.functions("ext")).append("commit;\n").toString();
  }
}
