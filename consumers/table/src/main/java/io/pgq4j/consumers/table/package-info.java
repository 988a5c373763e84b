/**
 * Keeps copies of watched tables in another database: {@link
 * io.pgq4j.consumers.table.TableConsumer}.
 *
 * <p>Of each row only the last of its changes counts: {@link io.pgq4j.consumers.table.Changes}
 * gathers some events of a table, and {@link io.pgq4j.consumers.table.TargetTable} deletes and puts
 * rows, many by one statement. The types are those of the table there: JSON becomes rows by {@code
 * json_to_recordset}.
 */
@NullMarked
package io.pgq4j.consumers.table;

import org.jspecify.annotations.NullMarked;
