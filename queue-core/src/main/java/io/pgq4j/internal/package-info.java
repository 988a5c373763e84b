/** What the API is made of; no API itself, and for no other module. */
@NullMarked
package io.pgq4j.internal;

import org.jspecify.annotations.NullMarked;
