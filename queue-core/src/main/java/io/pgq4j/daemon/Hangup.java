package io.pgq4j.daemon;

import java.lang.reflect.Proxy;

/**
 * SIGHUP. The JDK has no supported interface for signals; sun.misc.Signal is the one that all use,
 * and javac warns of it without a way to accept, hence the reflection.
 */
final class Hangup {

  private Hangup() {}

  /** Runs something at each SIGHUP, which else would end the process; false: not possible here. */
  static boolean handle(Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object proxy =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  action.run();
                }
                return null;
              });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), proxy);
      return true;
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }

  /** Sends it. */
  static void send(ProcessHandle process) throws java.io.IOException, InterruptedException {
    int code = new ProcessBuilder("kill", "-HUP", String.valueOf(process.pid())).start().waitFor();
    if (code != 0) {
      throw new java.io.IOException("kill -HUP " + process.pid() + " ended with " + code);
    }
  }
}
