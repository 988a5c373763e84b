package io.pgq4j.admin.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;

/** Debian's Chromium, without a window. */
final class Browser implements AutoCloseable {
  private static final Path BINARY = Path.of("/usr/bin/chromium");
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");

  private final ChromeDriver driver;

  private Browser(ChromeDriver driver) {
    this.driver = driver;
  }

  /** A new one; the test is skipped where there is none. */
  static Browser open() {
    Assumptions.assumeTrue(
        Files.isExecutable(BINARY) && Files.isExecutable(DRIVER),
        "no browser: Debian's packages chromium and chromium-driver are needed");
    ChromeOptions options =
        new ChromeOptions()
            .setBinary(BINARY.toFile())
            .addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage")
            .addArguments("--hide-scrollbars");
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(new File(DRIVER.toString()))
            .usingAnyFreePort()
            .build();
    ChromeDriver driver = new ChromeDriver(service, options);
    driver.manage().timeouts().scriptTimeout(Duration.ofSeconds(60));
    return new Browser(driver);
  }

  /** Goes to an address, of which only what follows # may be another than before. */
  void go(String url) {
    driver.get(url);
  }

  /** The size of the window, and whether its user likes it dark. */
  void look(int width, int height, boolean dark) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
  }

  /** Waits until an expression is true, looked at whenever the page is drawn. */
  void await(String expression) {
    driver.executeAsyncScript(
        "const done = arguments[0];"
            + "const look = () => ("
            + expression
            + ") ? done() : requestAnimationFrame(look);"
            + "look();");
  }

  /** Waits until the page says something. */
  void awaitText(String text) {
    await("document.body.innerText.includes(" + quoted(text) + ")");
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  Object ask(String expression) {
    Object answer = driver.executeScript("return " + expression);
    return answer == null ? "null" : answer;
  }

  String text() {
    return element("body").getText();
  }

  WebElement element(String selector) {
    return driver.findElement(By.cssSelector(selector));
  }

  int count(String selector) {
    return driver.findElements(By.cssSelector(selector)).size();
  }

  /** Clicks on the first element with a text. */
  void click(String selector, String text) {
    driver.findElements(By.cssSelector(selector)).stream()
        .filter(element -> element.getText().equals(text))
        .findFirst()
        .orElseThrow()
        .click();
  }

  /** Presses keys, wherever the focus is. */
  void press(CharSequence... keys) {
    driver.switchTo().activeElement().sendKeys(keys);
  }

  void pressTab() {
    press(Keys.TAB);
  }

  byte[] picture() {
    return driver.getScreenshotAs(OutputType.BYTES);
  }

  /** Nothing was fetched from elsewhere, and nothing went wrong here. */
  void assertQuiet(String origin) {
    assertThat((List<?>) ask("performance.getEntriesByType('resource').map((each) => each.name)"))
        .isNotEmpty()
        .allSatisfy(name -> assertThat((String) name).startsWith(origin));
    assertThat(driver.manage().logs().get(LogType.BROWSER).getAll())
        .filteredOn(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .noneMatch(entry -> entry.getMessage().contains(origin));
  }

  @Override
  public void close() {
    driver.quit();
  }
}
