package io.pgq4j.examples.mailer;

import io.pgq4j.examples.Cells;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.subethamail.smtp.helper.BasicMessageHandlerFactory;
import org.subethamail.smtp.server.SMTPServer;

/** A mail server that delivers to the screen. Listens on the loopback address only. */
public final class Postbox implements AutoCloseable {
  private static final int WIDTH = 100;
  private static final int LARGEST = 1 << 20;

  private final SMTPServer server;

  private Postbox(SMTPServer server) {
    this.server = server;
  }

  /**
   * Opens one.
   *
   * @param port 0: any that is free
   * @param screen gets a line for each mail
   */
  static Postbox open(int port, Consumer<String> screen) {
    SMTPServer server =
        SMTPServer.port(port)
            .bindAddress(InetAddress.getLoopbackAddress())
            .messageHandlerFactory(
                new BasicMessageHandlerFactory(
                    (context, from, to, data) -> screen.accept(line(data)), LARGEST))
            .build();
    server.start();
    return new Postbox(server);
  }

  private static String line(byte[] data) {
    try {
      MimeMessage mail =
          new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(data));
      String to = String.valueOf(mail.getRecipients(RecipientType.TO)[0]);
      return Cells.cut(to + ": " + mail.getSubject() + ": " + mail.getContent(), WIDTH).strip();
    } catch (MessagingException | IOException e) {
      return "a mail that cannot be read: " + e.getMessage();
    }
  }

  int port() {
    return server.getPortAllocated();
  }

  @Override
  public void close() {
    server.stop();
  }

  /** Prints the mails that come to the port, until it is ended. */
  public static void main(String[] args) throws InterruptedException {
    Postbox postbox = open(Integer.parseInt(args[0]), System.out::println);
    System.out.println("listening at localhost:" + postbox.port());
    new CountDownLatch(1).await();
  }
}
