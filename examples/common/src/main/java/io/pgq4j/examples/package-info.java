/**
 * What the examples share: the program bin/example with its options, a database, and a screen. An
 * example is a class that extends {@link io.pgq4j.examples.Example} and is named in {@code
 * META-INF/services}.
 */
@NullMarked
package io.pgq4j.examples;

import org.jspecify.annotations.NullMarked;
