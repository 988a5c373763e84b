/**
 * Cinema: what is derived from the seats of auditoriums is kept up to date. {@link
 * io.pgq4j.examples.cinema.Cinema} installs it.
 *
 * <ul>
 *   <li>Materialised columns: {@link io.pgq4j.examples.cinema.Cinema#seatCounts} counts, at most
 *       four times a second, the auditoriums whose seats have changed.
 *   <li>Materialised views: a refresh is an event of the queue {@code cinema_views}, whose consumer
 *       is {@link io.pgq4j.examples.cinema.ViewRefresher}. A schedule is an event that inserts the
 *       next one, delayed; {@link io.pgq4j.examples.cinema.ViewRequests} inserts them on changes.
 * </ul>
 */
@NullMarked
package io.pgq4j.examples.cinema;

import org.jspecify.annotations.NullMarked;
