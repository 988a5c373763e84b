/**
 * For tests of consumers: {@link io.pgq4j.test.TestQueue} is a queue on a PostgreSQL that is
 * started once for all tests of a JVM. Nothing runs by itself: a test ticks by {@link
 * io.pgq4j.test.ManualTicker} and lets a consumer work by {@link io.pgq4j.test.TestQueue#drain}.
 */
@NullMarked
package io.pgq4j.test;

import org.jspecify.annotations.NullMarked;
