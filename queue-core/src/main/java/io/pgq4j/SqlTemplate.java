package io.pgq4j;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An SQL statement whose names in braces are its parameters. Their values never become part of its
 * text; their types are those that the statement gives them. Immutable.
 */
public final class SqlTemplate {
  private static final String DATA_EXCEPTION = "22";

  /** Of no SQL statement a part. */
  private static final String PARAMETER = "\u0000";

  private final Template template;
  private final String sql;

  private SqlTemplate(Template template, String sql) {
    this.template = template;
    this.sql = sql;
  }

  /** Where the value of a name comes from. */
  @FunctionalInterface
  public interface Values {
    /** Null: SQL's null. */
    @Nullable String get(String name);
  }

  /**
   * Reads a statement.
   *
   * @throws IllegalArgumentException with a sentence for the user
   */
  public static SqlTemplate parse(String text) {
    Template template = Template.parse(text);
    StringBuilder sql = new StringBuilder();
    String marked = template.replace(name -> PARAMETER);
    int from = 0;
    for (int at = marked.indexOf(PARAMETER); at >= 0; at = marked.indexOf(PARAMETER, from)) {
      sql.append(marked, from, at);
      // The driver would take it for a text.
      if (sql.chars().filter(c -> c == '\'').count() % 2 == 1) {
        throw new IllegalArgumentException(
            "a name in braces is a parameter, so it must not be in quotes");
      }
      sql.append('?');
      from = at + PARAMETER.length();
    }
    return new SqlTemplate(template, sql.append(marked, from, marked.length()).toString());
  }

  /** Those in braces, each once, in the order of their first appearance. */
  public Set<String> names() {
    return new LinkedHashSet<>(template.names());
  }

  /**
   * Runs it.
   *
   * @throws EventDataException if the database cannot take a value, which will not change
   */
  public void run(Connection connection, Values values) throws SQLException {
    List<String> names = template.names();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < names.size(); i++) {
        // As a literal in quotes: the server finds its type.
        statement.setObject(i + 1, values.get(names.get(i)), Types.OTHER);
      }
      statement.execute();
    } catch (SQLException e) {
      if (e.getSQLState() != null && e.getSQLState().startsWith(DATA_EXCEPTION)) {
        throw new EventDataException(String.valueOf(e.getMessage()), e);
      }
      throw e;
    }
  }

  /**
   * Has the server read it: whether there are such tables and columns.
   *
   * @throws SQLException if there are not
   */
  public void check(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      if (statement.getParameterMetaData().getParameterCount() != template.names().size()) {
        throw new SQLException("a ? that means itself is doubled: " + template);
      }
    }
  }

  /** As it was parsed. */
  @Override
  public String toString() {
    return template.toString();
  }
}
