/** The command line, one class per command. */
@NullMarked
package io.pgq4j.admin;

import org.jspecify.annotations.NullMarked;
