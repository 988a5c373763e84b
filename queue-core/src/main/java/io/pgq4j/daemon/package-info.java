/**
 * The frame of pgq4j's long-running programs: command line, configuration file, pidfile, log,
 * signals, detaching. A program extends {@link io.pgq4j.daemon.DaemonProgram} and says what it
 * does; the rest is the same for the ticker and for consumers.
 */
@NullMarked
package io.pgq4j.daemon;

import org.jspecify.annotations.NullMarked;
