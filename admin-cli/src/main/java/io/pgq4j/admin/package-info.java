/**
 * The command line: the program, and installing. One class per command, one package per feature.
 */
@NullMarked
package io.pgq4j.admin;

import org.jspecify.annotations.NullMarked;
