package io.pgq4j.examples.jobs;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** Debian's Chromium, without a window. */
final class Browser {
  private static final Path BINARY = Path.of("/usr/bin/chromium");
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private Browser() {}

  /** A new one; the test is skipped where there is none. */
  static ChromeDriver open() {
    Assumptions.assumeTrue(
        Files.isExecutable(BINARY) && Files.isExecutable(DRIVER),
        "no browser: Debian's packages chromium and chromium-driver are needed");
    ChromeOptions options =
        new ChromeOptions()
            .setBinary(BINARY.toFile())
            .addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage");
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(new File(DRIVER.toString()))
            .usingAnyFreePort()
            .build();
    ChromeDriver driver = new ChromeDriver(service, options);
    driver.manage().timeouts().scriptTimeout(PATIENCE);
    return driver;
  }
}
