/**
 * Sends events as mails: {@link io.pgq4j.consumers.mail.MailProgram}.
 *
 * <h2>What is promised</h2>
 *
 * <ul>
 *   <li><b>At least once.</b> An event is done when the mail server has taken the mail for all its
 *       recipients, or for none. It is sent again when the server's answer was lost, under the same
 *       Message-ID.
 *   <li><b>Columns are text.</b> What a column holds cannot add a header, a recipient or markup.
 *   <li><b>The password stays inside.</b> It is in no log line, exception or toString.
 * </ul>
 *
 * <h2>What becomes of an event</h2>
 *
 * <table>
 *   <caption>Answers</caption>
 *   <tr><th>Answer<th>Consequence
 *   <tr><td>2xx<td>done
 *   <tr><td>5xx to a recipient or to the mail<td>dead letters: it will not be taken next time
 *   <tr><td>no address, or one that is none<td>dead letters
 *   <tr><td>4xx, 5xx to the sender or the login, a timeout, no connection<td>the retry policy
 * </table>
 */
@NullMarked
package io.pgq4j.consumers.mail;

import org.jspecify.annotations.NullMarked;
