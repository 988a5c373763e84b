/**
 * Pushes events to browsers: {@link io.pgq4j.consumers.websocket.WebsocketProgram}, and {@link
 * io.pgq4j.consumers.websocket.EventServer} for use within a program.
 *
 * <h2>What is promised</h2>
 *
 * <ul>
 *   <li><b>Every event or a gap.</b> A reader gets the events that pass its filter, batches in
 *       order. One that comes again with its position goes on there, also at another server of the
 *       same queue or at the same after a restart. Where something may be missing, because it fell
 *       out of the ring or a restart has emptied that, the reader is told so before the next event.
 *   <li><b>At least once.</b> Around restarts, an event may come twice.
 *   <li><b>Bounded memory.</b> A ring for each queue; a reader holds its position and one message
 *       under way. Nobody waits for a slow reader: it is dropped when its position falls out.
 *   <li><b>One consumer.</b> What the database does does not depend on the number of readers.
 *   <li><b>Only who may.</b> The origin of the page is checked before the socket is opened, the
 *       token before the first event, and at its end again. A token limits the rows.
 * </ul>
 *
 * <h2>Messages</h2>
 *
 * The reader sends one: {@code {"queue": "jobs", "token": "…", "after": "17-4", "types":
 * ["INSERT"], "tables": ["public.job"], "where": {"state": ["running", "done"]}}}; all but the
 * queue may be missing. The server sends
 *
 * <ul>
 *   <li>{@code {"at": "17"}}: the reader's position; first when it has subscribed, and then every
 *       20 s
 *   <li>{@code {"events": [{…}, {…}], "at": "17-5"}}, each event as {@link
 *       io.pgq4j.EventJson#write} writes it
 *   <li>{@code {"gap": {"after": "3"}, "at": "12"}}: events between the two may be missing
 * </ul>
 *
 * and closes with the codes and reasons of {@code Close}.
 */
@NullMarked
package io.pgq4j.consumers.websocket;

import org.jspecify.annotations.NullMarked;
