package io.pgq4j.sql;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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

  /** Relative names and texts. Read in one go: every command of pgq-admin starts with it. */
  private static final Map<String, String> TEXTS = texts();

  private static final List<Migration> ALL = load();

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
    return Objects.requireNonNull(TEXTS.get(name), name);
  }

  private static List<Migration> load() {
    List<Migration> migrations = new ArrayList<>();
    for (String name : resources()) {
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
    migrations.add(new Migration(0, "functions", "R__functions.sql", functions()));
    return List.copyOf(migrations);
  }

  private static String functions() {
    for (String name : resources()) {
      if (name.startsWith("functions/")
          && GROUPS.stream().noneMatch(group -> name.startsWith("functions/" + group + "/"))) {
        throw new IllegalStateException(name + " is in none of the groups " + GROUPS);
      }
    }
    return GROUPS.stream().map(Migrations::functions).collect(Collectors.joining());
  }

  /** The files of one group. */
  static String functions(String group) {
    StringBuilder sql = new StringBuilder();
    resources().stream()
        .filter(name -> name.startsWith("functions/" + group + "/"))
        .sorted()
        .forEach(name -> sql.append("-- ").append(name).append('\n').append(read(name)));
    return sql.toString();
  }

  /** The names of all SQL files beside this class, relative to it. */
  static Set<String> resources() {
    return TEXTS.keySet();
  }

  /**
   * Asks the jar or the directory that this class came from and nothing else, so that no other jar
   * of the class path can add a file.
   */
  private static Map<String, String> texts() {
    try {
      URL anchor = Objects.requireNonNull(Migrations.class.getResource("history.sql"));
      URLConnection connection = anchor.openConnection();
      return connection instanceof JarURLConnection jar
          ? texts(jar)
          : texts(Path.of(URI.create(anchor.toString())).resolveSibling(""));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the SQL files of pgq4j-sql", e);
    }
  }

  private static Map<String, String> texts(JarURLConnection jar) throws IOException {
    jar.setUseCaches(false); // a shared JarFile is not ours to close
    String base = jar.getEntryName().replace("history.sql", "");
    Map<String, String> texts = new HashMap<>();
    try (JarFile file = jar.getJarFile()) {
      for (JarEntry entry : Collections.list(file.entries())) {
        String name = entry.getName();
        if (name.startsWith(base) && name.endsWith(".sql")) {
          byte[] text = file.getInputStream(entry).readAllBytes();
          texts.put(name.substring(base.length()), new String(text, StandardCharsets.UTF_8));
        }
      }
    }
    return texts;
  }

  private static Map<String, String> texts(Path base) throws IOException {
    Map<String, String> texts = new HashMap<>();
    try (Stream<Path> files = Files.walk(base)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".sql")).toList()) {
        String name = base.relativize(file).toString().replace('\\', '/');
        texts.put(name, Files.readString(file));
      }
    }
    return texts;
  }
}
