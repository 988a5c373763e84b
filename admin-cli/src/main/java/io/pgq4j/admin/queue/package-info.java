/** Commands about queues: their life, settings and rights. No API. */
@NullMarked
package io.pgq4j.admin.queue;

import org.jspecify.annotations.NullMarked;
