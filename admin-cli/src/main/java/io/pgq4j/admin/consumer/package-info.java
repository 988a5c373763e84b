/** Commands about consumers: their life, where they are, and where they shall be. No API. */
@NullMarked
package io.pgq4j.admin.consumer;

import org.jspecify.annotations.NullMarked;
