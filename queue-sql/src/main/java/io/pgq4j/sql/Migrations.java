package io.pgq4j.sql;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The scripts that make the schema, read from the resources beside this class: the versioned ones
 * in order, then one that holds all files of {@code functions}, group by group in the order a
 * reader meets them.
 *
 * <p>So a function lives in a file under its own name, and a change of any of them applies all of
 * them again, together.
 */
final class Migrations {

  /** The folders of {@code functions} in the order they are applied. */
  static final List<String> GROUPS =
      List.of(
          "queue",
          "insert",
          "capture",
          "trigger",
          "tick",
          "consume",
          "retry",
          "coop",
          "ext",
          "maintain",
          "inspect",
          "roles");

  private static final Pattern VERSIONED = Pattern.compile("versioned/(V(\\d+)__(\\w+)\\.sql)");
  private static final Pattern FUNCTION = Pattern.compile("functions/(\\w+)/(\\w+)\\.sql");

  private static final List<Migration> ALL = load(resources());

  private Migrations() {}

  static List<Migration> all() {
    return ALL;
  }

  /** The highest version there is. */
  static int latest() {
    return ALL.stream().mapToInt(Migration::version).max().orElseThrow();
  }

  /** The text of a resource beside this class. */
  static String read(String name) {
    try (InputStream in = Migrations.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }

  private static List<Migration> load(List<String> names) {
    List<Migration> migrations = new ArrayList<>();
    for (String name : names) {
      Matcher matcher = VERSIONED.matcher(name);
      if (matcher.matches()) {
        migrations.add(
            new Migration(
                Integer.parseInt(matcher.group(2)),
                matcher.group(3).replace('_', ' '),
                matcher.group(1),
                read(name)));
      }
    }
    migrations.sort(Comparator.comparingInt(Migration::version));
    migrations.add(new Migration(0, "functions", "R__functions.sql", functions(names)));
    return List.copyOf(migrations);
  }

  /** The files of one group. */
  static String functions(String group) {
    return functions(
        resources().stream().filter(name -> name.startsWith("functions/" + group + "/")).toList());
  }

  private static String functions(List<String> names) {
    StringBuilder sql = new StringBuilder();
    names.stream()
        .filter(name -> FUNCTION.matcher(name).matches())
        .sorted(Comparator.comparingInt(Migrations::group).thenComparing(name -> name))
        .forEach(name -> sql.append("-- ").append(name).append('\n').append(read(name)));
    return sql.toString();
  }

  private static int group(String name) {
    Matcher matcher = FUNCTION.matcher(name);
    int group = matcher.matches() ? GROUPS.indexOf(matcher.group(1)) : -1;
    if (group < 0) {
      throw new IllegalStateException(name + " is in none of the groups " + GROUPS);
    }
    return group;
  }

  /**
   * The names of all resources beside this class, relative to it. Asks the jar or the directory
   * that this class came from and nothing else, so that no other jar of the class path can add one.
   */
  static List<String> resources() {
    try {
      URL anchor = Objects.requireNonNull(Migrations.class.getResource("history.sql"));
      URLConnection connection = anchor.openConnection();
      if (connection instanceof JarURLConnection jar) {
        jar.setUseCaches(false); // a shared JarFile is not ours to close
        String base = jar.getEntryName().replace("history.sql", "");
        try (JarFile file = jar.getJarFile()) {
          return file.stream()
              .map(entry -> entry.getName())
              .filter(name -> name.startsWith(base))
              .map(name -> name.substring(base.length()))
              .toList();
        }
      }
      Path base = Path.of(URI.create(anchor.toString())).resolveSibling("");
      try (Stream<Path> files = Files.walk(base)) {
        return files.map(file -> base.relativize(file).toString().replace('\\', '/')).toList();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list the SQL files of pgq4j-sql", e);
    }
  }
}
