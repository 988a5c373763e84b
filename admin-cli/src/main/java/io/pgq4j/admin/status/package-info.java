/** Queues and their consumers at one moment, and as they go. */
@NullMarked
package io.pgq4j.admin.status;

import org.jspecify.annotations.NullMarked;
