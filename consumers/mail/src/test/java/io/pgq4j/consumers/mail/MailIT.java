package io.pgq4j.consumers.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.pgq4j.Settings;
import io.pgq4j.test.Outcome;
import io.pgq4j.test.TestQueue;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.subethamail.smtp.MessageHandler;
import org.subethamail.smtp.RejectException;
import org.subethamail.smtp.auth.EasyAuthenticationHandlerFactory;
import org.subethamail.smtp.auth.LoginFailedException;
import org.subethamail.smtp.server.SMTPServer;

/** From rows to mails, with a real SMTP server. */
@Timeout(60)
class MailIT {
  @RegisterExtension static final TestQueue users = TestQueue.create("users");

  private record Mail(List<String> recipients, MimeMessage message) {}

  @TempDir Path directory;
  private final List<Mail> mails = new ArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private volatile int codeForData = 250;
  private SMTPServer server = build();

  private SMTPServer build() {
    return SMTPServer.port(0)
        .bindAddress(InetAddress.getLoopbackAddress())
        .authenticationHandlerFactory(
            new EasyAuthenticationHandlerFactory(
                (user, password, context) -> {
                  connections.incrementAndGet();
                  if (!password.equals("sesame")) {
                    throw new LoginFailedException();
                  }
                }))
        .requireAuth(true)
        .messageHandlerFactory(context -> new Handler())
        .build();
  }

  /** The recipient's name is the answer: 550@… is refused for good. */
  private final class Handler implements MessageHandler {
    private final List<String> recipients = new ArrayList<>();

    @Override
    public void from(String from) throws RejectException {
      if (from.startsWith("550")) {
        throw new RejectException(550, "not you");
      }
    }

    @Override
    public void recipient(String recipient) throws RejectException {
      String name = recipient.replaceAll("@.*", "");
      if (name.matches("\\d{3}")) {
        throw new RejectException(Integer.parseInt(name), "no such user");
      }
      recipients.add(recipient);
    }

    @Override
    public String data(InputStream data) throws RejectException, IOException {
      byte[] bytes = data.readAllBytes();
      if (codeForData != 250) {
        throw new RejectException(codeForData, "not this");
      }
      try {
        mails.add(
            new Mail(
                recipients,
                new MimeMessage(
                    Session.getInstance(new Properties()), new ByteArrayInputStream(bytes))));
      } catch (MessagingException e) {
        throw new IOException(e);
      }
      return "taken";
    }

    @Override
    public void done() {}
  }

  @BeforeEach
  void start() {
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop();
  }

  private Mailer mailer(String... lines) throws IOException {
    List<String> all =
        new ArrayList<>(
            List.of(
                "queue=users",
                "consumer=welcome",
                "smtp-host=localhost",
                "smtp-port=" + server.getPortAllocated(),
                "smtp-security=none",
                "smtp-user=jobs",
                "smtp-password=sesame",
                "from=Jobs <jobs@example.org>",
                "to={email}",
                "subject=Welcome, {name}",
                "text=Dear {name},\\nyour number is {id}."));
    all.addAll(List.of(lines));
    Path file = Files.write(directory.resolve("mail.properties"), all);
    return (Mailer)
        new MailProgram().create(Settings.load(MailProgram.SETTINGS, Map.of(), Map.of(), file));
  }

  private Outcome drain(String... lines) throws Exception {
    try (Mailer mailer = mailer(lines)) {
      return users.drain(mailer);
    }
  }

  private static String user(String email, String name) {
    return "{\"id\": 9007199254740993, \"email\": \"%s\", \"name\": \"%s\"}".formatted(email, name);
  }

  @Test
  void aRowIsAMail() throws Exception {
    long id = users.insert("INSERT", user("ann@example.org", "Änn \uD83D\uDE00"));

    drain().assertAllDone();

    Mail mail = mails.get(0);
    assertThat(mail.recipients()).containsExactly("ann@example.org");
    MimeMessage message = mail.message();
    assertThat(message.getSubject()).isEqualTo("Welcome, Änn \uD83D\uDE00");
    assertThat(message.getFrom())
        .extracting(Object::toString)
        .containsExactly("Jobs <jobs@example.org>");
    assertThat(message.getContent().toString().replace("\r\n", "\n").strip())
        .isEqualTo("Dear Änn \uD83D\uDE00,\nyour number is 9007199254740993.");
    assertThat(message.getMessageID()).isEqualTo("<pgq.users." + id + "@example.org>");
    assertThat(message.getHeader("Auto-Submitted")).containsExactly("auto-generated");
  }

  @Test
  void connectionsAreKeptAndMadeAnewWhenTheServerWasStarted() throws Exception {
    try (Mailer mailer = mailer()) {
      users.insert("INSERT", user("ann@example.org", "Ann"));
      users.insert("INSERT", user("bob@example.org", "Bob"));
      users.drain(mailer).assertAllDone();
      assertThat(connections).hasValue(1);

      int port = server.getPortAllocated();
      server.stop();
      users.insert("INSERT", user("eve@example.org", "Eve"));
      users.drain(mailer).assertRetries(1);
      assertThat(port).isPositive();
    }
    server = build();
    server.start();
    users.ticker().forward(Duration.ofHours(1));
    drain().assertAllDone();
    assertThat(mails).hasSize(3);
  }

  @Test
  void htmlIsBesideTextAndColumnsAreEscapedInIt() throws Exception {
    Path html = Files.writeString(directory.resolve("mail.html"), "<p>Dear <b>{name}</b></p>");
    users.insert("INSERT", user("ann@example.org", "<script>&"));

    drain("html-file=" + html).assertAllDone();

    MimeMultipart parts = (MimeMultipart) mails.get(0).message().getContent();
    assertThat(parts.getContentType()).startsWith("multipart/alternative");
    assertThat(parts.getBodyPart(0).getContent().toString()).contains("Dear <script>&,");
    assertThat(parts.getBodyPart(1).getContent())
        .isEqualTo("<p>Dear <b>&lt;script&gt;&amp;</b></p>");
  }

  @Test
  void aColumnCannotAddAHeaderOrARecipientLine() throws Exception {
    users.insert("INSERT", user("ann@example.org", "Ann\\r\\nBcc: eve@example.org"));
    users.insert("INSERT", user("ann@example.org\\r\\nBcc: eve@example.org", "Ann"));

    drain().assertDeadLetters(1).assertRetries(0);

    assertThat(mails).hasSize(1);
    assertThat(mails.get(0).recipients()).containsExactly("ann@example.org");
    assertThat(mails.get(0).message().getHeader("Bcc")).isNull();
    assertThat(mails.get(0).message().getSubject()).isEqualTo("Welcome, Ann Bcc: eve@example.org");
  }

  @Test
  void whatIsRefusedForGoodIsGivenUpAndWhatIsNotComesAgain() throws Exception {
    users.insert("INSERT", user("550@example.org", "gone"));
    users.insert("INSERT", user("450@example.org", "greylisted"));
    users.insert("INSERT", user("ann@example.org,550@example.org", "one of two"));
    users.insert("INSERT", user("no address", "x"));
    users.insert("INSERT", user("", "x"));
    users.insert("INSERT", user("bob@example.org", "Bob"));

    Outcome outcome = drain().assertRetries(1).assertDeadLetters(4);

    assertThat(mails).as("to all recipients or to none").hasSize(1);
    assertThat(outcome.deadLetters().get(0).reason()).contains("550").contains("no such user");
    assertThat(outcome.retries().get(0).data()).contains("greylisted");
  }

  @ParameterizedTest
  @ValueSource(ints = {554, 451})
  void anAnswerToTheWholeMailIsTakenAsItIs(int code) throws Exception {
    codeForData = code;
    users.insert("INSERT", user("ann@example.org", "Ann"));

    drain().assertDeadLetters(code == 554 ? 1 : 0).assertRetries(code == 554 ? 0 : 1);
  }

  @Test
  void aSenderOrLoginThatIsRefusedIsNotTheEventsFault() throws Exception {
    users.insert("INSERT", user("ann@example.org", "Ann"));

    drain("from=550@example.org").assertRetries(1).assertDeadLetters(0);
    users.ticker().forward(Duration.ofHours(1));
    drain("smtp-password=open").assertRetries(1).assertDeadLetters(0);
  }

  @Test
  void nothingIsSentWhereTheConnectionCannotBeMadeSafe() throws Exception {
    users.insert("INSERT", user("ann@example.org", "Ann"));

    drain("smtp-security=starttls").assertRetries(1);

    assertThat(mails).isEmpty();
  }

  @Test
  void checkLogsIn() throws Exception {
    try (Mailer good = mailer();
        Mailer bad = mailer("smtp-password=hush")) {
      good.check();
      assertThatExceptionOfType(MessagingException.class)
          .isThrownBy(bad::check)
          .withMessageNotContaining("hush");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "from=nobody at all",
        "to=",
        "subject={",
        "smtp-user=x|smtp-password-file=/nowhere",
        "html-file=/nowhere",
        "smtp-security=maybe",
        "smtp-port=hush"
      })
  void aWrongConfigurationIsRefused(String lines) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> mailer(lines.split("\\|")))
        .withMessageNotContaining("hush");
  }
}
