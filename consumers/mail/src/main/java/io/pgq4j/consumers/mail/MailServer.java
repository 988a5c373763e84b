package io.pgq4j.consumers.mail;

import io.pgq4j.EventDataException;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server that takes mails. Connections are kept, as many as mails are sent at once. */
final class MailServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(MailServer.class);
  private static final int PERMANENT = 500;

  /** How a connection is made safe. */
  enum Security {
    STARTTLS(587),
    TLS(465),
    NONE(25);

    private final int port;

    Security(int port) {
      this.port = port;
    }
  }

  private final String host;
  private final int port;
  private final @Nullable String user;
  private final @Nullable String password;
  private final Session session;
  private final BlockingDeque<Transport> idle = new LinkedBlockingDeque<>();
  private volatile boolean closed;

  /**
   * @param port null: the usual one
   * @param user null: without login
   */
  MailServer(
      String host,
      @Nullable Integer port,
      Security security,
      @Nullable String user,
      @Nullable String password,
      Duration timeout) {
    this.host = host;
    this.port = port == null ? security.port : port;
    this.user = user;
    this.password = password;
    Properties properties = new Properties();
    String millis = Long.toString(timeout.toMillis());
    properties.setProperty("mail.smtp.connectiontimeout", millis);
    properties.setProperty("mail.smtp.timeout", millis);
    properties.setProperty("mail.smtp.writetimeout", millis);
    properties.setProperty("mail.smtp.auth", Boolean.toString(user != null));
    properties.setProperty("mail.smtp.sendpartial", "false");
    properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
    properties.setProperty("mail.smtp.starttls.enable", flag(security == Security.STARTTLS));
    properties.setProperty("mail.smtp.starttls.required", flag(security == Security.STARTTLS));
    properties.setProperty("mail.smtp.ssl.enable", flag(security == Security.TLS));
    session = Session.getInstance(properties);
  }

  private static String flag(boolean value) {
    return Boolean.toString(value);
  }

  /** For messages to be sent by this server. */
  Session session() {
    return session;
  }

  /**
   * Sends a mail; returns when the server has taken it.
   *
   * @throws EventDataException if the server will never take it
   * @throws MessagingException if it may take it another time
   */
  void send(Message message) throws MessagingException {
    Transport transport = borrow();
    boolean usable = false;
    try {
      message.saveChanges();
      transport.sendMessage(message, message.getAllRecipients());
      usable = true;
    } catch (SendFailedException e) {
      usable = true; // it has said RSET
      Optional<MessagingException> refusal = refusal(e);
      if (refusal.isPresent()) {
        throw new EventDataException(host + " refused: " + refusal.get().getMessage(), e);
      }
      throw e;
    } finally {
      giveBack(transport, usable);
    }
  }

  /** What the server said about the mail or one of its recipients, if it said so for good. */
  private static Optional<MessagingException> refusal(SendFailedException failure) {
    List<MessagingException> all = new ArrayList<>();
    @Nullable Exception next = failure;
    while (next instanceof MessagingException e) {
      all.add(e);
      next = e.getNextException();
    }
    return all.stream().anyMatch(SMTPSenderFailedException.class::isInstance)
        ? Optional.empty()
        : all.stream().filter(MailServer::isPermanent).findFirst();
  }

  private static boolean isPermanent(MessagingException e) {
    if (e instanceof SMTPAddressFailedException recipient) {
      return recipient.getReturnCode() >= PERMANENT;
    }
    return e instanceof SMTPSendFailedException mail && mail.getReturnCode() >= PERMANENT;
  }

  /** Connects and logs in. */
  void check() throws MessagingException {
    giveBack(borrow(), true);
  }

  private Transport borrow() throws MessagingException {
    for (Transport kept = idle.pollFirst(); kept != null; kept = idle.pollFirst()) {
      if (kept.isConnected()) { // it asks the server
        return kept;
      }
      close(kept);
    }
    Transport transport = session.getTransport("smtp");
    transport.connect(host, port, user, password);
    return transport;
  }

  private void giveBack(Transport transport, boolean usable) {
    if (usable && !closed) {
      idle.addFirst(transport);
    } else {
      close(transport);
    }
  }

  private static void close(Transport transport) {
    try {
      transport.close();
    } catch (MessagingException e) {
      log.debug("a connection to the mail server was not closed properly", e);
    }
  }

  @Override
  public void close() {
    closed = true;
    for (Transport kept = idle.pollFirst(); kept != null; kept = idle.pollFirst()) {
      close(kept);
    }
  }
}
