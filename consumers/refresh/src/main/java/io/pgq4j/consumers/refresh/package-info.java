/**
 * Refreshes what is derived from watched tables: {@link
 * io.pgq4j.consumers.refresh.RefreshConsumer}.
 */
@NullMarked
package io.pgq4j.consumers.refresh;

import org.jspecify.annotations.NullMarked;
