package io.pgq4j.consumers.mail;

import io.pgq4j.Consumer;
import io.pgq4j.Event;
import io.pgq4j.Settings;
import io.pgq4j.daemon.SelfCheck;
import jakarta.mail.MessagingException;

/** A mail for each event. */
final class Mailer extends Consumer implements SelfCheck, AutoCloseable {
  private final Letter letter;
  private final MailServer server;

  Mailer(Settings settings, Letter letter, MailServer server) {
    super(settings);
    this.letter = letter;
    this.server = server;
  }

  @Override
  protected void process(Event event) throws MessagingException {
    server.send(letter.write(event, queue(), server.session()));
  }

  /** Asks the server for a login; sends nothing. */
  @Override
  public void check() throws MessagingException {
    server.check();
  }

  @Override
  public void close() {
    server.close();
  }
}
