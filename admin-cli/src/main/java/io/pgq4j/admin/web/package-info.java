/**
 * The console of {@code pgq-admin web}: pages in a browser, and the little that they ask of a
 * database.
 *
 * <p><b>What it costs.</b> {@link io.pgq4j.admin.web.Sampler} asks one statement a second, on one
 * connection, while at least one page is open, however many there are; each page gets the answer by
 * server-sent events. Without a page there is no connection. What a page asks besides (events, dead
 * letters) it asks once, when its user does, on a connection of its own, in a read-only transaction
 * with a timeout, and gets a bounded page.
 *
 * <p><b>Who may ask.</b> {@link io.pgq4j.admin.web.Guard} sees every request first.
 *
 * <ul>
 *   <li>The Host must be an address, localhost or a name that was given: a page of another site
 *       whose name was made to lead here (DNS rebinding) brings that site's name.
 *   <li>A browser that says that another site asks is refused.
 *   <li>Where there is a token, it is needed, at first; then a cookie is, which scripts cannot read
 *       and other sites cannot send.
 *   <li>What changes something must be allowed by {@code --allow-writes}, and carry a header that a
 *       form of another site cannot.
 * </ul>
 *
 * <p><b>What is shown.</b> JSON is built by the database and passed on as it is; the pages set all
 * that comes from it as text, never as HTML, and the browser is told to take no other (Trusted
 * Types).
 */
@NullMarked
package io.pgq4j.admin.web;

import org.jspecify.annotations.NullMarked;
