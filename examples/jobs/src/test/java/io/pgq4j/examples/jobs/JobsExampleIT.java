package io.pgq4j.examples.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.examples.Examples;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.ScriptTimeoutException;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;

/** The example as processes of their own, and two users in a browser. */
@Timeout(180)
class JobsExampleIT {
  private static final Pattern PAGE = Pattern.compile("(http://127.0.0.1:\\d+)/\\?user=bob");

  @TempDir private static Path temporary;
  private static ChromeDriver browser;
  private static Process example;
  private static String site;

  @BeforeAll
  static void start() throws IOException {
    browser = Browser.open();
    example = example();
    site = site();
  }

  private static Process example() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Djava.io.tmpdir=" + temporary,
            "-Dot.epg.working-dir=" + Path.of(System.getProperty("java.io.tmpdir"), "embedded-pg"),
            "-cp",
            System.getProperty("java.class.path"),
            Examples.class.getName(),
            "jobs",
            "--workers",
            "2");
    return builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static String site() throws IOException {
    BufferedReader out = new BufferedReader(new InputStreamReader(example.getInputStream(), UTF_8));
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      Matcher page = PAGE.matcher(line);
      if (page.find()) {
        return page.group(1);
      }
    }
    throw new AssertionError("the example has ended");
  }

  /** Opens a page in a window of its own. */
  private static String open(String user) {
    browser.switchTo().newWindow(WindowType.TAB);
    browser.get(site + "/?user=" + user);
    until("body[data-loaded]");
    return browser.getWindowHandle();
  }

  @AfterAll
  static void closeAll() throws InterruptedException {
    if (browser != null) {
      browser.quit();
    }
    if (example != null) {
      example.destroy();
      example.waitFor();
    }
  }

  /** Waits until the page has such an element. */
  private static void until(String selector) {
    try {
      browser.executeAsyncScript(
          """
          const [selector, done] = arguments;
          const look = () => document.querySelector(selector) && (watch.disconnect(), done());
          const watch = new MutationObserver(look);
          watch.observe(document, { subtree: true, childList: true, attributes: true });
          look();\
          """,
          selector);
    } catch (ScriptTimeoutException e) {
      Object page = browser.executeScript("return document.body.outerHTML");
      throw new AssertionError("no " + selector + " in " + page, e);
    }
  }

  private static void at(String page) {
    browser.switchTo().window(page);
  }

  private static void click(String selector) {
    browser.executeScript("document.querySelector(arguments[0]).click()", selector);
  }

  private static void start(String report) {
    click("[data-report=" + report + "]");
  }

  private static String job(String report, String state) {
    return "tr[data-report=" + report + "][data-state=" + state + "]";
  }

  @Test
  void aReportIsMadeAndOnlyItsUserSeesIt() {
    String annas = open("anna");
    String bobs = open("bob");
    at(annas);
    start("sales");
    until(job("sales", "running") + ":not([data-progress='0']):not([data-progress='100'])");
    until(job("sales", "done") + "[data-progress='100']");

    at(bobs);
    start("flaky");
    until(job("flaky", "done") + "[data-attempts='2']");
    assertThat(browser.findElements(By.cssSelector("tr[data-report=sales]"))).isEmpty();
  }

  @Test
  void aReportThatFailsEachTimeIsGivenUp() {
    open("carla");
    start("broken");

    until(job("broken", "failed") + "[data-attempts='3']");
  }

  @Test
  void aReportIsCancelledInTheMidstOfIt() {
    open("dora");
    start("yearly");
    until(job("yearly", "running"));

    click(job("yearly", "running") + " .buttons button");

    until(job("yearly", "cancelled"));
  }

  /**
   * A second time; or a third, if the worker is back just when another one takes its batch over.
   */
  @Test
  void aReportWhoseWorkerCrashesIsTakenOver() {
    open("emil");
    start("yearly");
    until(job("yearly", "running") + ":not([data-progress='0'])");

    click(job("yearly", "running") + " .buttons button:nth-child(2)");

    until(job("yearly", "running") + ":not([data-attempts='1']):not([data-progress='0'])");
    click(job("yearly", "running") + " .buttons button");
    until(job("yearly", "cancelled") + ":not([data-attempts='1'])");
  }

  @Test
  void aPausedFarmTakesNoReportUntilItMayGoOn() {
    String fritz = open("fritz");
    open("gerda");
    click("#farm");
    until("#farm[data-paused=true]");
    at(fritz);
    until("#farm[data-paused=true]");
    start("sales");
    until(job("sales", "queued"));

    click("#farm");

    until("#farm[data-paused=false]");
    until(job("sales", "done"));
  }
}
