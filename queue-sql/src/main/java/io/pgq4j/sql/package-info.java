/** Installs, upgrades and inspects the schema {@code pgq}. */
@NullMarked
package io.pgq4j.sql;

import org.jspecify.annotations.NullMarked;
