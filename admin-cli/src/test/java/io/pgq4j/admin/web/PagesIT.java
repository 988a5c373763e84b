package io.pgq4j.admin.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.daemon.ListenAddress;
import io.pgq4j.sql.SchemaInstaller;
import io.pgq4j.testing.DebianPostgres;
import io.pgq4j.testing.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;

/** The console as people meet it: in a browser. */
class PagesIT {
  private static final String JOBS = "#/queue?name=jobs";

  @RegisterExtension static final TestDatabase database = TestDatabase.create();

  private static @Nullable Browser opened;
  private @Nullable Console console;
  private String url = "";

  @BeforeAll
  static void open() throws Exception {
    opened = Browser.open();
    new Shop(database.dataSource()).fill();
  }

  @AfterAll
  static void quit() {
    if (opened != null) {
      opened.close();
    }
  }

  @BeforeEach
  void start() {
    serve(database.dataSource(), null, false);
    browser().look(1280, 800, false);
  }

  @AfterEach
  void stop() {
    browser().go("about:blank");
    close();
  }

  @Test
  void whatHappensIsSeenWithoutReloading() throws Exception {
    go("#/");
    browser().awaitText("jobs");
    browser().ask("window.stays = true");
    Shop shop = new Shop(database.dataSource());
    shop.execute("select pgq.create_queue('newcomer')");
    browser().awaitText("newcomer");
    go("#/queue?name=newcomer");
    browser().awaitText("Nobody consumes this queue");
    shop.execute("select pgq.register_consumer('newcomer', 'late')");
    browser().awaitText("late");
    shop.execute("select pgq.insert_event('newcomer', 't', 'x') from generate_series(1, 700) i");
    browser().await("Number(document.querySelector('.plot-now').textContent.split('/')[0]) > 0");
    shop.tick("newcomer");
    shop.execute("select pgq.next_batch('newcomer', 'late')");
    browser().await("document.querySelector('[aria-label], tbody .badge.accent')?.textContent");
    browser().awaitText("open");
    shop.execute("select pgq.drop_queue('newcomer', true)");
    browser().awaitText("There is no queue of that name any more");
    assertThat(browser().ask("window.stays")).isEqualTo(true);
    browser().assertQuiet(url);
  }

  @Test
  void theLinesOfAQueueGrow() {
    go(JOBS);
    String points = "document.querySelector('.plot .line').getAttribute('d').split('L').length";
    browser().await("document.querySelector('.plot .line')?.getAttribute('d')");
    long before = (long) browser().ask(points);
    browser().await(points + " > " + before);
  }

  @Test
  void aConsumersStateIsAWord() {
    go(JOBS);
    browser().awaitText("mailer");
    assertThat(browser().element("td[data-label=State] .badge").getText()).matches("[a-z ]+");
    assertThat(browser().text()).doesNotContain("[object");
  }

  @Test
  void namesAndPayloadsStayText() {
    go("#/");
    browser().awaitText(Shop.HOSTILE);
    browser().click("a", Shop.HOSTILE);
    browser().await("document.querySelector('h1').textContent === " + quoted(Shop.HOSTILE));
    go("#/events?queue=jobs&type=hostile");
    browser().await("document.querySelector('.event')");
    browser().element(".event summary").click();
    browser().await("document.querySelector('.event pre')");
    assertThat(browser().element(".event pre").getText()).isEqualTo(Shop.HOSTILE);
    go("#/failures?queue=jobs");
    browser().awaitText("Dead letters");
    assertThat(browser().count("main img")).isZero();
    assertThat(browser().ask("document.title")).isNotEqualTo("owned");
    browser().assertQuiet(url);
  }

  @Test
  void deadLettersAreSentBackWhereWritesAreAllowed() throws Exception {
    Shop shop = new Shop(database.dataSource());
    shop.execute(
        "select pgq.insert_event('jobs', 'fails', '1'), pgq.insert_event('jobs', 'fails', '2')");
    shop.tick("jobs");
    shop.giveUp("mailer", 2);
    go("#/failures");
    browser().awaitText("mailer");
    browser().click("a", "mailer");
    browser().awaitText("--allow-writes");
    assertThat(browser().count(".event")).isGreaterThan(2);
    assertThat(browser().count("main button")).isZero();

    close();
    serve(database.dataSource(), null, true);
    go("#/failures?queue=jobs&consumer=mailer");
    browser().await("document.querySelector('.event')");
    String id = browser().element(".event .id").getText();
    browser().element(".event summary").click();
    browser().await("document.querySelector('.event[open] button')");
    browser().click(".event[open] button", "Send back");
    browser().awaitText("One event was sent back.");
    browser().await("document.querySelector('.event .id')?.textContent !== '" + id + "'");
    browser().click("button", "Send all back");
    browser().await("document.querySelector('dialog[open]')");
    browser().click("dialog[open] button", "Send back");
    browser().awaitText("There are no dead letters.");
    browser().assertQuiet(url);
  }

  @Test
  void everythingIsReachedByKeys() {
    go("#/");
    browser().awaitText("jobs");
    browser().pressTab();
    assertThat(browser().ask("document.activeElement.textContent"))
        .isEqualTo("Skip to the content");
    browser().press(Keys.ENTER);
    assertThat(browser().ask("document.activeElement.id")).isEqualTo("main");
    browser().press("j", "j", "j");
    assertThat(browser().ask("document.activeElement.textContent")).isEqualTo("invoices");
    assertThat(browser().ask("getComputedStyle(document.activeElement).outlineStyle"))
        .isEqualTo("solid");
    browser().press(Keys.ENTER);
    browser()
        .await(
            "document.activeElement.textContent === 'invoices' && document.querySelector('.plot')");
    browser().press("5");
    browser().await("location.hash === '#/events'");
    browser().press("/");
    assertThat(browser().ask("document.activeElement.id")).isEqualTo("queue");
    browser().press(Keys.ESCAPE);
    browser().press("?");
    browser().await("document.querySelector('dialog[open]')");
    browser().press(Keys.ESCAPE);
    browser().await("!document.querySelector('dialog[open]')");
    go("#/events?queue=jobs&from=id&at=121");
    browser().await("document.querySelector('.event')");
    browser().press("j");
    browser().press(Keys.ENTER);
    browser().await("document.querySelector('.event[open] pre')");
    assertThat(browser().element(".event[open]").getText()).contains(Shop.HOSTILE);
  }

  @Test
  void jsonIsLaidOutWithItsNumbersAsTheyAre() {
    go("#/events?queue=jobs&from=id&at=1");
    browser().await("document.querySelector('.event')");
    browser().element(".event summary").click();
    browser().awaitText("12345678901234567890");
    assertThat(browser().text()).contains("{\n  \"id\": 1,\n  \"title\": \"Java developer\"");
    assertThat(browser().text()).contains("\"tags\": [\n    \"java\",\n    \"postgres\"\n  ]");
  }

  @Test
  void eventsArePagedAndFiltered() {
    go("#/events?queue=jobs");
    browser().awaitText("Next page");
    assertThat(browser().count(".event")).isEqualTo(50);
    browser().click("a", "Next page");
    browser().awaitText("First page");
    browser().ask("history.back()");
    browser().await("!document.body.innerText.includes('First page')");
    browser().element("#type").sendKeys("UPDATE", Keys.ENTER);
    browser()
        .await(
            "location.hash.includes('type=UPDATE') && document.querySelectorAll('.event').length"
                + " === 40");
    browser().element("#text").sendKeys("nothing like it", Keys.ENTER);
    browser().awaitText("No more events fit.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "#/",
        JOBS,
        "#/consumers",
        "#/batches",
        "#/failures",
        "#/failures?queue=jobs",
        "#/events?queue=jobs",
        "#/doctor"
      })
  void onANarrowScreenNothingRunsOut(String page) {
    browser().look(380, 800, false);
    go(page);
    browser()
        .await(
            "document.querySelector('tbody tr, .event, .plot, .empty,"
                + " .finding')?.checkVisibility()");
    assertThat((long) browser().ask("document.documentElement.scrollWidth"))
        .isLessThanOrEqualTo(380);
  }

  @Test
  void theDoctorTellsWhatIsWrongAndTheCure() {
    go("#/doctor");
    browser().await("document.querySelector('.finding')");
    assertThat(browser().text()).contains("pgq-ticker", "Examine again");
    browser().assertQuiet(url);
  }

  @Test
  void darkIsDark() {
    go("#/");
    String ground = "getComputedStyle(document.body).backgroundColor";
    assertThat(browser().ask(ground)).isEqualTo("rgb(246, 246, 243)");
    browser().look(1280, 800, true);
    assertThat(browser().ask(ground)).isEqualTo("rgb(16, 19, 21)");
  }

  @Test
  void theTokenOpensTheConsole() {
    close();
    serve(database.dataSource(), "a token that nobody knows", false);
    go("#/");
    browser().await("document.activeElement.id === 'token'");
    browser().press("wrong", Keys.ENTER);
    browser().awaitText("That is not the token.");
    browser().element("#token").clear();
    browser().element("#token").sendKeys("a token that nobody knows", Keys.ENTER);
    browser().awaitText("jobs");
  }

  @Test
  void aDatabaseThatGoesAwayAndComesBackIsSeen() throws Exception {
    DebianPostgres.assumeInstalled();
    try (DebianPostgres server = DebianPostgres.create()) {
      server.start();
      SchemaInstaller.of(server.database("postgres")).install();
      close();
      serve(server.database("postgres"), null, false);
      go("#/");
      browser().awaitText("There is no queue yet.");
      server.stop();
      browser().awaitText("It is tried again every second.");
      server.start();
      browser().await("document.querySelector('.banner').hidden");
      server.execute("select pgq.create_queue('after')");
      browser().awaitText("after");
    }
  }

  @Test
  @EnabledIfSystemProperty(named = "pgq.docs.update", matches = "true")
  void picturesForTheDocumentation() throws Exception {
    Path directory = Path.of("..", "docs", "how-to", "web-console");
    Files.createDirectories(directory);
    workForAMinute();
    picture(directory.resolve("queues.png"), "#/", 1180, 520, false);
    picture(directory.resolve("queue-dark.png"), JOBS, 1180, 900, true);
    picture(directory.resolve("failures.png"), "#/failures?queue=jobs", 1180, 620, false);
    picture(directory.resolve("narrow.png"), "#/", 380, 760, false);
  }

  private void workForAMinute() throws Exception {
    Shop shop = new Shop(database.dataSource());
    go(JOBS);
    for (int i = 0; i < 60; i++) {
      shop.work((int) (25 + 15 * Math.sin(i / 6.0) + i % 7));
      browser()
          .await(
              "document.querySelector('.plot .line')?.getAttribute('d')?.split('L').length > " + i);
    }
  }

  private void picture(Path file, String page, int width, int height, boolean dark)
      throws Exception {
    browser().look(width, height, dark);
    go(page);
    browser().await("document.querySelector('tbody tr, .event')?.checkVisibility()");
    Files.write(file, browser().picture());
  }

  private void serve(DataSource source, @Nullable String token, boolean writes) {
    Console started =
        Console.start(
            new Console.Options(
                ListenAddress.parse("0"), Set.of(), token, writes, "app@localhost:5432/shop"),
            source);
    console = started;
    url = started.url();
  }

  private void close() {
    if (console != null) {
      console.close();
    }
  }

  private void go(String hash) {
    browser().go(url + hash);
  }

  private static Browser browser() {
    return Objects.requireNonNull(opened);
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }
}
