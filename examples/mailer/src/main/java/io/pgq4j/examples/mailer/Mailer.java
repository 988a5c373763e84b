package io.pgq4j.examples.mailer;

import io.pgq4j.Consumer;
import io.pgq4j.Event;
import io.pgq4j.Setting;
import io.pgq4j.Settings;
import io.pgq4j.daemon.ConsumerMain;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.MimeMessage;
import java.util.Properties;

/** Sends what is inserted into {@code mailq}. The page example-mailer.md shows this class. */
public final class Mailer extends Consumer {
  private static final Setting<String> HOST = Setting.text("smtp-host", "localhost", "who sends");
  private static final Setting<String> PORT = Setting.text("smtp-port", "25", "its port");
  private final Session smtp;

  // page
  record Mail(String sender, String recipient, String subject, String body) {}

  @Override
  protected void process(Event event) throws Exception {
    Mail mail = event.row(Mail.class);
    MimeMessage message = new MimeMessage(smtp);
    message.setFrom(mail.sender());
    message.setRecipients(RecipientType.TO, mail.recipient());
    message.setSubject(mail.subject().replaceAll("\\s+", " "));
    message.setText(mail.body(), "UTF-8");
    Transport.send(message);
  }

  // end

  Mailer(Settings settings) {
    super(settings);
    smtp = session(settings.get(HOST), settings.get(PORT));
  }

  Mailer(String queue, String name, int port) {
    super(queue, name);
    smtp = session("localhost", Integer.toString(port));
  }

  private static Session session(String host, String port) {
    Properties properties = new Properties();
    properties.put("mail.smtp.host", host);
    properties.put("mail.smtp.port", port);
    return Session.getInstance(properties);
  }

  public static void main(String[] args) {
    ConsumerMain.run(Mailer.class, args);
  }
}
