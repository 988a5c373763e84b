/** What the API is made of; public only for the other modules of pgq4j, and no API. */
@NullMarked
package io.pgq4j.internal;

import org.jspecify.annotations.NullMarked;
