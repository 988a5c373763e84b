/**
 * Sends events as Telegram messages: {@link io.pgq4j.consumers.telegram.TelegramNotifier}.
 *
 * <h2>What is promised</h2>
 *
 * <ul>
 *   <li><b>At least once.</b> A batch is finished when each of its notifications has been taken by
 *       Telegram, dropped because nobody is there, or its events have been given to the retry queue
 *       or the dead letters. Nothing else ends a notification; a storm is packed into full
 *       messages, never shortened.
 *   <li><b>Once per chat, as far as it can be known.</b> Within one process, an event that comes
 *       again (another chat failed, or the batch is repeated) is not sent again to whom it is known
 *       to have reached. A message is repeated when its answer was lost (timeout, broken
 *       connection), when the process died before the batch was finished, when more deliveries than
 *       are remembered lie between, and, for a text of several messages, from its first one.
 *   <li><b>In order</b> per chat, except for what went through the retry queue.
 *   <li><b>Nothing open.</b> No transaction is open while anything is sent, and memory is bounded
 *       by a window of events.
 *   <li><b>The token stays inside.</b> It is in no log line, exception, thread name or toString of
 *       this package, and the Bot API client's own exceptions do not leave it.
 * </ul>
 *
 * <h2>What becomes of a notification</h2>
 *
 * <table>
 *   <caption>Answers</caption>
 *   <tr><th>Answer<th>Consequence
 *   <tr><td>ok<td>done
 *   <tr><td>429<td>the chat pauses as long as Telegram asks, the bot if a second chat hears it too;
 *     a pause longer than {@code longestPause} is spent in the retry queue
 *   <tr><td>403, 400 chat not found<td>all that waits for the chat is dropped, {@link
 *     io.pgq4j.consumers.telegram.ChatStatus} is told
 *   <tr><td>migrate_to_chat_id<td>sent to the new chat, {@link
 *     io.pgq4j.consumers.telegram.ChatStatus} is told
 *   <tr><td>400 can't parse entities<td>sent without markup
 *   <tr><td>401, 404<td>the bot is refused: the batch comes again, nothing is given up
 *   <tr><td>5xx, timeout, no connection<td>the retry policy: retry queue, at last dead letters
 *   <tr><td>any other 4xx<td>dead letters
 * </table>
 *
 * <p>Texts that were joined are sent one by one when Telegram refuses them together, so that one
 * bad text does not take others with it.
 */
@NullMarked
package io.pgq4j.consumers.telegram;

import org.jspecify.annotations.NullMarked;
