/** Commands about the tables whose changes go to a queue. No API. */
@NullMarked
package io.pgq4j.admin.watch;

import org.jspecify.annotations.NullMarked;
