package io.pgq4j.sql;

import java.util.List;

/**
 * What {@link SchemaInstaller#install()} did.
 *
 * @param before what it found
 * @param applied the names of the scripts it ran, in order; empty if there was nothing to do
 * @param warnings what the server warned of meanwhile, such as roles that could not be created
 */
public record Installation(SchemaStatus before, List<String> applied, List<String> warnings) {

  public Installation {
    applied = List.copyOf(applied);
    warnings = List.copyOf(warnings);
  }
}
