/**
 * Runs an SQL statement for each event of a queue, or one for many: {@link
 * io.pgq4j.consumers.sql.SqlConsumer}.
 */
@NullMarked
package io.pgq4j.consumers.sql;

import org.jspecify.annotations.NullMarked;
