/** What the tests of all modules stand on. */
@NullMarked
package io.pgq4j.testing;

import org.jspecify.annotations.NullMarked;
