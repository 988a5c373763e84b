package io.pgq4j.sql;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A bug that the test has to notice: {@link PlantedBugsIT} puts it into the function, runs the test
 * and expects it to fail. So each race has a test that was seen to fail.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@Repeatable(Plant.List.class)
public @interface Plant {

  /** The function, as {@code regprocedure} reads it, without the schema if that is pgq. */
  String in();

  /** What is written there, as a regular expression in which a dot matches line ends. */
  String replace();

  /** What to write instead of each occurrence; {@code $1} is the first group. */
  String by();

  /** Several bugs, each planted alone. */
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.METHOD)
  @interface List {
    Plant[] value();
  }
}
