/** Commands that do by hand what the ticker does. No API. */
@NullMarked
package io.pgq4j.admin.maintain;

import org.jspecify.annotations.NullMarked;
