package io.pgq4j.daemon;

import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a server listens.
 *
 * @param host a name or an address, an IPv6 one in brackets
 * @param port 0: any that is free
 */
public record ListenAddress(String host, int port) {
  /** What it is called in a {@link io.pgq4j.Setting}. */
  public static final String KIND = "PORT of the loopback address, or ADDRESS:PORT";

  private static final Pattern FORM =
      Pattern.compile("(?:(\\[[0-9a-fA-F:.]+\\]|[^:\\s\\[\\]]+):)?(\\d{1,5})");
  private static final String LOOPBACK = "127.0.0.1";
  private static final int LAST_PORT = 65_535;

  /**
   * Reads {@code PORT}, which is the loopback address's, or {@code HOST:PORT}.
   *
   * @throws IllegalArgumentException if it is neither
   */
  public static ListenAddress parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches() || Integer.parseInt(matcher.group(2)) > LAST_PORT) {
      throw new IllegalArgumentException("neither PORT nor HOST:PORT");
    }
    String host = matcher.group(1);
    return new ListenAddress(host == null ? LOOPBACK : host, Integer.parseInt(matcher.group(2)));
  }

  /** Looks the host up; unresolved if there is none of that name. */
  public InetSocketAddress socketAddress() {
    return new InetSocketAddress(host, port);
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    return host + ":" + port;
  }
}
