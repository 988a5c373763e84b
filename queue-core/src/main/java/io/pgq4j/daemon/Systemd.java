package io.pgq4j.daemon;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Tells systemd how the process is, if it was started by a unit with {@code Type=notify}. The JDK
 * cannot write to systemd's socket, so the program {@code systemd-notify} does; the unit needs
 * {@code NotifyAccess=all}.
 */
final class Systemd {
  private static final String SOCKET = "NOTIFY_SOCKET";
  private static final long PATIENCE_SECONDS = 10;

  private final @Nullable String socket;
  private final long watchdogMicros;
  private final String program;
  private final Logger log;
  private boolean complained;
  private boolean faulty;

  Systemd(Map<String, String> environment, Logger log) {
    this(environment, "systemd-notify", log);
  }

  Systemd(Map<String, String> environment, String program, Logger log) {
    this.program = program;
    this.log = log;
    socket = environment.get(SOCKET);
    String process = environment.get("WATCHDOG_PID");
    boolean meant = process == null || process.equals(Long.toString(ProcessHandle.current().pid()));
    watchdogMicros = meant ? number(environment.get("WATCHDOG_USEC")) : 0;
  }

  private static long number(@Nullable String text) {
    return text != null && text.matches("\\d{1,15}") ? Long.parseLong(text) : 0;
  }

  /** Says something, {@code READY=1} for instance; does nothing where nobody asked. */
  void tell(String what) {
    if (socket == null) {
      return;
    }
    ProcessBuilder notify =
        new ProcessBuilder(program, what)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    notify.environment().put(SOCKET, socket);
    try {
      Process process = notify.start();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        complain(program + " hangs");
      } else if (process.exitValue() != 0) {
        complain(program + " ended with " + process.exitValue());
      }
    } catch (IOException e) {
      complain(e.getMessage() + "; install it, or use Type=exec");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void complain(String why) {
    if (!complained) {
      complained = true;
      log.warn("cannot tell systemd: {}", why);
    }
  }

  /**
   * Keeps the watchdog quiet from now on, if there is one, by a sign of life in every half of its
   * time; but not while something is wrong.
   *
   * @return whether there is one
   */
  boolean watch(Supplier<List<String>> faults) {
    if (socket == null || watchdogMicros == 0) {
      return false;
    }
    TimerTask beat =
        new TimerTask() {
          @Override
          public void run() {
            beat(faults.get());
          }
        };
    new Timer("watchdog", true).scheduleAtFixedRate(beat, 0, Math.max(1, watchdogMicros / 2_000));
    return true;
  }

  private void beat(List<String> faults) {
    if (faults.isEmpty()) {
      tell("WATCHDOG=1");
    } else if (!faulty) {
      log.error("the watchdog gets no sign of life: {}", String.join("; ", faults));
    }
    faulty = !faults.isEmpty();
  }
}
