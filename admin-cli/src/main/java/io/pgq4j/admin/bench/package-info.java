/**
 * {@code pgq-admin bench}: measures pgq4j on a user's own server, in scratch databases. No API.
 *
 * <p>A command ({@code …Command}) reads the options, a measurement ({@code …Bench}) works in a
 * {@link io.pgq4j.admin.bench.ScratchDatabase}, a {@link io.pgq4j.admin.bench.Report} is what it
 * found.
 */
@NullMarked
package io.pgq4j.admin.bench;

import org.jspecify.annotations.NullMarked;
