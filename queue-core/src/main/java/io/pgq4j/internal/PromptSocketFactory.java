package io.pgq4j.internal;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.util.Map;
import javax.net.SocketFactory;
import jdk.net.ExtendedSocketOptions;

/**
 * Sockets on which the driver learns at once that nothing more is there, and within a minute that
 * nobody is.
 *
 * <p>When {@code PGConnection.getNotifications} has read a notification, the driver looks for more
 * by a read that waits for a millisecond. So every wake-up is handed on a millisecond late, which
 * is half of what an event takes from its commit to its consumer; and while notifications come
 * closer together than that, it does not return at all. On these sockets that read does not wait.
 * Nothing depends on it but speed: a DataSource that does not use them works as well, only later.
 *
 * <p>A firewall may forget a connection that is idle, without a word. Then the next question waits
 * until TCP gives up, a quarter of an hour later. So the system asks for signs of life early enough
 * to be remembered, instead of after two hours, and a connection that gives none fails.
 */
public final class PromptSocketFactory extends SocketFactory {
  /** No other read of the driver has this time limit. */
  private static final int LOOK_FOR_MORE_MILLIS = 1;

  private static final Map<SocketOption<Integer>, Integer> KEEP_ALIVE =
      Map.of(
          ExtendedSocketOptions.TCP_KEEPIDLE, 30,
          ExtendedSocketOptions.TCP_KEEPINTERVAL, 10,
          ExtendedSocketOptions.TCP_KEEPCOUNT, 3);

  private final SocketFactory plain = SocketFactory.getDefault();

  @Override
  public Socket createSocket() throws IOException {
    Socket socket = new PromptSocket();
    for (Map.Entry<SocketOption<Integer>, Integer> option : KEEP_ALIVE.entrySet()) {
      if (socket.supportedOptions().contains(option.getKey())) {
        socket.setOption(option.getKey(), option.getValue());
      }
    }
    return socket;
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return plain.createSocket(host, port);
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort)
      throws IOException {
    return plain.createSocket(host, port, local, localPort);
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return plain.createSocket(host, port);
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
      throws IOException {
    return plain.createSocket(host, port, local, localPort);
  }

  private static final class PromptSocket extends Socket {
    @Override
    public InputStream getInputStream() throws IOException {
      return new PromptInput(super.getInputStream());
    }

    private final class PromptInput extends FilterInputStream {
      PromptInput(InputStream in) {
        super(in);
      }

      @Override
      public int read() throws IOException {
        failIfEmpty();
        return super.read();
      }

      @Override
      public int read(byte[] buffer, int offset, int length) throws IOException {
        failIfEmpty();
        return super.read(buffer, offset, length);
      }

      private void failIfEmpty() throws IOException {
        if (looksForMore() && available() == 0) {
          throw new SocketTimeoutException("there is nothing more");
        }
      }

      private boolean looksForMore() throws SocketException {
        return getSoTimeout() == LOOK_FOR_MORE_MILLIS;
      }
    }
  }
}
