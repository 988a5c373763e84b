/** The packages, unpacked and run. */
@NullMarked
package io.pgq4j.dist;

import org.jspecify.annotations.NullMarked;
