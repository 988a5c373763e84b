package io.pgq4j.consumers.table;

import io.pgq4j.Databases;
import io.pgq4j.Setting;
import io.pgq4j.Settings;
import io.pgq4j.test.TestQueue;
import io.pgq4j.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/** A database with tables, one with their copies, and a consumer between them. */
record Copies(TestQueue shop, TestDatabase mirror) {

  /** A consumer whose configuration has these lines, too. */
  TableConsumer consumer(Path directory, String... lines) throws IOException {
    List<String> all =
        new ArrayList<>(
            List.of(
                "queue=" + shop.name(),
                "consumer=mirror",
                "url=" + shop.url(),
                "target-url=" + mirror.url()));
    all.addAll(List.of(lines));
    Path file = Files.write(directory.resolve("table.properties"), all);
    List<Setting<?>> keys = new ArrayList<>(TableConsumer.SETTINGS);
    keys.add(Databases.URL);
    return new TableConsumer(Settings.load(keys, Map.of(), Map.of(), file));
  }

  /** Runs SQL on both sides. */
  void onBoth(String sql) throws SQLException {
    shop.execute(sql);
    onMirror(sql);
  }

  void onMirror(String sql) throws SQLException {
    query(mirror.dataSource(), sql);
  }

  List<String> inShop(String sql) throws SQLException {
    return query(shop.dataSource(), sql);
  }

  List<String> inMirror(String sql) throws SQLException {
    return query(mirror.dataSource(), sql);
  }

  private static List<String> query(DataSource database, String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      if (statement.execute(sql)) {
        try (ResultSet row = statement.getResultSet()) {
          while (row.next()) {
            rows.add(row.getString(1));
          }
        }
      }
    }
    return rows;
  }
}
