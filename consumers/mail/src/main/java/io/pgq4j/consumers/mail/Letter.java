package io.pgq4j.consumers.mail;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pgq4j.Event;
import io.pgq4j.EventDataException;
import io.pgq4j.EventFields;
import io.pgq4j.Template;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.net.URLEncoder;
import java.util.Date;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a mail is made of.
 *
 * @param replyTo null: none
 * @param html null: the mail is plain text
 */
record Letter(
    Template from,
    Template to,
    @Nullable Template replyTo,
    Template subject,
    Template text,
    @Nullable Template html) {
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}+");

  /**
   * The mail for an event.
   *
   * @throws EventDataException if the event lacks a column, or an address is none
   */
  MimeMessage write(Event event, String queue, Session session) throws MessagingException {
    EventFields fields = EventFields.of(event);
    InternetAddress sender = addresses(event, "from", from, fields)[0];
    MimeMessage message = new IdentifiedMessage(session, id(event, queue, sender));
    message.setFrom(sender);
    message.setRecipients(Message.RecipientType.TO, addresses(event, "to", to, fields));
    if (replyTo != null) {
      message.setReplyTo(addresses(event, "reply-to", replyTo, fields));
    }
    message.setSubject(CONTROL.matcher(subject.fill(fields)).replaceAll(" ").strip(), UTF_8.name());
    message.setSentDate(Date.from(event.time()));
    message.setHeader("Auto-Submitted", "auto-generated"); // RFC 3834: nobody answers it by itself
    if (html == null) {
      message.setText(text.fill(fields), UTF_8.name());
    } else {
      message.setContent(
          new MimeMultipart(
              "alternative",
              part(text.fill(fields), "plain"),
              part(html.fill(fields, Letter::escape), "html")));
    }
    return message;
  }

  private static InternetAddress[] addresses(
      Event event, String what, Template template, EventFields fields) {
    String text = template.fill(fields);
    InternetAddress[] addresses;
    try {
      addresses = InternetAddress.parse(text, true);
    } catch (AddressException e) {
      throw new EventDataException(
          "event %d: \"%s\" is no mail address (%s)".formatted(event.id(), what, e.getMessage()),
          e);
    }
    if (addresses.length == 0 || CONTROL.matcher(text).find()) {
      throw new EventDataException("event " + event.id() + " has no mail address for " + what);
    }
    return addresses;
  }

  private static MimeBodyPart part(String text, String subtype) throws MessagingException {
    MimeBodyPart part = new MimeBodyPart();
    part.setText(text, UTF_8.name(), subtype);
    return part;
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  /** The same each time that the event is sent. */
  private static String id(Event event, String queue, InternetAddress sender) {
    String address = sender.getAddress();
    return "<pgq.%s.%d@%s>"
        .formatted(
            URLEncoder.encode(queue, UTF_8),
            event.id(),
            address.substring(address.lastIndexOf('@') + 1));
  }

  private static final class IdentifiedMessage extends MimeMessage {
    private final String id;

    IdentifiedMessage(Session session, String id) {
      super(session);
      this.id = id;
    }

    @Override
    protected void updateMessageID() throws MessagingException {
      setHeader("Message-ID", id);
    }
  }
}
