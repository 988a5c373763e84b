/** Mailer: a row that is inserted into a table without rows is sent as a mail. */
@NullMarked
package io.pgq4j.examples.mailer;

import org.jspecify.annotations.NullMarked;
