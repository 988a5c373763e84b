package io.pgq4j.consumers.mail;

import io.pgq4j.Consumer;
import io.pgq4j.Setting;
import io.pgq4j.Settings;
import io.pgq4j.Template;
import io.pgq4j.daemon.ReadyConsumer;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** {@code pgq-consumer mail}. */
public final class MailProgram implements ReadyConsumer {
  private static final Setting<String> HOST =
      Setting.text("smtp-host", null, "the server that takes the mails");

  private static final Setting<Integer> PORT =
      Setting.integer("smtp-port", null, "its port; without it 587, 465 with tls, 25 with none");

  private static final Setting<MailServer.Security> SECURITY =
      Setting.oneOf(
          "smtp-security",
          MailServer.Security.class,
          MailServer.Security.STARTTLS,
          "how the connection is made safe; nothing is sent where that fails");

  private static final Setting<String> USER =
      Setting.text("smtp-user", null, "who logs in; without it, nobody does");

  private static final Setting<String> PASSWORD =
      Setting.text("smtp-password", null, "the user's password");

  private static final Setting<Path> PASSWORD_FILE =
      Setting.path("smtp-password-file", null, "instead of it, a file whose only content it is");

  private static final Setting<Template> FROM =
      Setting.template("from", null, "the sender: Jobs <jobs@example.org>");

  private static final Setting<Template> TO =
      Setting.template("to", null, "the recipient, or several with commas: {email}");

  private static final Setting<Template> REPLY_TO =
      Setting.template("reply-to", null, "whom answers go to");

  private static final Setting<Template> SUBJECT = Setting.template("subject", null, "the subject");

  private static final Setting<Template> TEXT =
      Setting.template("text", null, "the mail: Dear {name}, ...");

  private static final Setting<Path> TEXT_FILE =
      Setting.path("text-file", null, "instead of text, a file that it is in");

  private static final Setting<Path> HTML_FILE =
      Setting.path(
          "html-file", null, "a file with the mail in HTML, besides text; columns are escaped");

  private static final Setting<Duration> TIMEOUT =
      Setting.positiveDuration(
          "timeout", Duration.ofSeconds(20), "how long to wait for each of the server's answers");

  static final List<Setting<?>> SETTINGS =
      List.of(
          Settings.QUEUE,
          Settings.CONSUMER,
          HOST,
          PORT,
          SECURITY,
          USER,
          PASSWORD,
          PASSWORD_FILE,
          FROM,
          TO,
          REPLY_TO,
          SUBJECT,
          TEXT,
          TEXT_FILE,
          HTML_FILE,
          TIMEOUT);

  @Override
  public String name() {
    return "mail";
  }

  @Override
  public String summary() {
    return "Sends events as mails.";
  }

  @Override
  public List<Setting<?>> settings() {
    return SETTINGS;
  }

  @Override
  public Consumer create(Settings settings) {
    Letter letter =
        new Letter(
            settings.get(FROM),
            settings.get(TO),
            settings.find(REPLY_TO).orElse(null),
            settings.get(SUBJECT),
            settings.find(TEXT_FILE).isPresent() ? read(settings, TEXT_FILE) : settings.get(TEXT),
            settings.find(HTML_FILE).isPresent() ? read(settings, HTML_FILE) : null);
    checkAddress("from", letter.from());
    checkAddress("to", letter.to());
    return new Mailer(settings, letter, server(settings));
  }

  private static MailServer server(Settings settings) {
    Optional<String> user = settings.find(USER);
    Optional<String> password = settings.findSecret(PASSWORD, PASSWORD_FILE);
    if (user.isPresent() != password.isPresent()) {
      throw new IllegalArgumentException(
          "smtp-user needs smtp-password or smtp-password-file, and these need it");
    }
    return new MailServer(
        settings.get(HOST),
        settings.find(PORT).orElse(null),
        settings.get(SECURITY),
        user.orElse(null),
        password.orElse(null),
        settings.get(TIMEOUT));
  }

  private static Template read(Settings settings, Setting<Path> setting) {
    Path file = settings.get(setting);
    try {
      return Template.parse(Files.readString(file));
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot read " + setting.name() + " " + file, e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(setting.name() + " " + file + ": " + e.getMessage(), e);
    }
  }

  /** An address without columns is the same for all events, and told at once. */
  private static void checkAddress(String name, Template address) {
    if (!address.names().isEmpty()) {
      return;
    }
    try {
      if (InternetAddress.parse(address.toString(), true).length > 0) {
        return;
      }
    } catch (AddressException e) {
      throw new IllegalArgumentException(name + " is no mail address: " + e.getMessage(), e);
    }
    throw new IllegalArgumentException(name + " is empty");
  }
}
