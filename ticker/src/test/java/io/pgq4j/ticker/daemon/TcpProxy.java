package io.pgq4j.ticker.daemon;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The network between the ticker and the server, which fails when told to. */
final class TcpProxy implements AutoCloseable {
  private static final int BUFFER = 1 << 16;

  private record Link(Socket client, Socket server) {}

  private final ServerSocket listening;
  private final int target;
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private final AtomicInteger resets = new AtomicInteger();
  private volatile String resetAt = "";
  private boolean stalled;

  private TcpProxy(int target) throws IOException {
    this.target = target;
    listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    thread(this::accept);
  }

  static TcpProxy to(int port) throws IOException {
    return new TcpProxy(port);
  }

  int port() {
    return listening.getLocalPort();
  }

  /** From now on nothing gets through, and nobody is told. */
  synchronized void stall() {
    stalled = true;
  }

  /** What was under way gets through, as after a network comes back. */
  synchronized void resume() {
    stalled = false;
    notifyAll();
  }

  /** The next times that a client sends this text it gets through, and then the link is reset. */
  void resetAt(String text, int times) {
    resetAt = text;
    resets.set(times);
  }

  /** Whether it was reset as often as was asked for. */
  boolean hasReset() {
    return resets.get() <= 0;
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listening.accept();
        Link link = new Link(client, new Socket(InetAddress.getLoopbackAddress(), target));
        link.client().setTcpNoDelay(true);
        link.server().setTcpNoDelay(true);
        links.add(link);
        thread(() -> pump(link, link.client(), link.server()));
        thread(() -> pump(link, link.server(), link.client()));
      }
    } catch (IOException e) {
      // Closed; or the server refuses, and so does this one from then on.
      close();
    }
  }

  private void pump(Link link, Socket from, Socket to) {
    byte[] buffer = new byte[BUFFER];
    try {
      for (int n = from.getInputStream().read(buffer);
          n >= 0;
          n = from.getInputStream().read(buffer)) {
        awaitNetwork();
        to.getOutputStream().write(buffer, 0, n);
        if (from == link.client() && isToReset(new String(buffer, 0, n, ISO_8859_1))) {
          link.client().setSoLinger(true, 0);
          break;
        }
      }
      awaitNetwork();
    } catch (IOException e) {
      // One end is gone: so shall the other.
    } finally {
      close(link);
    }
  }

  private boolean isToReset(String sent) {
    return resets.get() > 0 && sent.contains(resetAt) && resets.getAndDecrement() > 0;
  }

  private synchronized void awaitNetwork() throws IOException {
    try {
      while (stalled) {
        wait();
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private void close(Link link) {
    links.remove(link);
    try {
      link.client().close();
      link.server().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void thread(Runnable task) {
    Thread thread = new Thread(task, "proxy");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    links.forEach(this::close);
  }
}
