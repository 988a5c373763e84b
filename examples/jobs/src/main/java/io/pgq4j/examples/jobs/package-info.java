/**
 * Users start reports in a page, a farm of workers makes them, and the page shows how far they are.
 *
 * <p>A click inserts into {@code jobs.job_queue}. The queue {@code job_queue} has the inserts, for
 * the workers, which are members of one consumer in several processes. The queue {@code job_state}
 * has every change of a job, for the pages, by one {@link
 * io.pgq4j.consumers.websocket.EventServer}. The queue {@code job_control} has what running workers
 * are told.
 */
@NullMarked
package io.pgq4j.examples.jobs;

import org.jspecify.annotations.NullMarked;
