/**
 * Sends events to a web server: {@link io.pgq4j.consumers.webhook.WebhookProgram}.
 *
 * <h2>What is promised</h2>
 *
 * <ul>
 *   <li><b>At least once.</b> An event is done when the server has answered 2xx. It comes again
 *       when the answer was lost; the server tells by the header {@code Idempotency-Key}, which
 *       stays the same.
 *   <li><b>Signed.</b> With a secret, as <a href="https://www.standardwebhooks.com">Standard
 *       Webhooks</a> has it: {@code webhook-id}, {@code webhook-timestamp}, {@code
 *       webhook-signature}, HMAC-SHA256 over id, timestamp and body.
 *   <li><b>Only where it was sent.</b> Redirects are not followed, proxies of the JVM not used, and
 *       no connection is made to a private address, whatever the name resolves to, unless that is
 *       allowed.
 *   <li><b>The secret stays inside.</b> It is in no log line, exception or toString.
 * </ul>
 *
 * <h2>What becomes of an event</h2>
 *
 * <table>
 *   <caption>Answers</caption>
 *   <tr><th>Answer<th>Consequence
 *   <tr><td>2xx<td>done
 *   <tr><td>with Retry-After<td>comes again then; the attempt does not count
 *   <tr><td>400, 413, 415, 422<td>dead letters: the server will not like it better next time
 *   <tr><td>any other, a timeout, no connection<td>the retry policy
 * </table>
 */
@NullMarked
package io.pgq4j.consumers.webhook;

import org.jspecify.annotations.NullMarked;
