/** Commands about events: inserting, following, and those that failed. No API. */
@NullMarked
package io.pgq4j.admin.event;

import org.jspecify.annotations.NullMarked;
