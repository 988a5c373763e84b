package io.pgq4j.internal;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/**
 * {@code [user[:password]@][host[:port],…][/database][?option=value&…]}, what follows the scheme of
 * a libpq URL. Messages name the part that is wrong and never repeat it.
 */
final class LibpqUrl {
  private LibpqUrl() {}

  static void parse(String text, LibpqOptions options) {
    int query = text.indexOf('?');
    String path = query < 0 ? text : text.substring(0, query);
    int slash = path.indexOf('/');
    String authority = slash < 0 ? path : path.substring(0, slash);
    int at = authority.lastIndexOf('@');
    if (at >= 0) {
      user(authority.substring(0, at), options);
    }
    hosts(authority.substring(at + 1), options);
    if (slash >= 0 && slash + 1 < path.length()) {
      options.set("dbname", decode("database", path.substring(slash + 1)));
    }
    if (query >= 0) {
      query(text.substring(query + 1), options);
    }
  }

  private static void user(String text, LibpqOptions options) {
    int colon = text.indexOf(':');
    String user = colon < 0 ? text : text.substring(0, colon);
    if (!user.isEmpty()) {
      options.set("user", decode("user", user));
    }
    if (colon >= 0) {
      options.set("password", decode("password", text.substring(colon + 1)));
    }
  }

  private static void hosts(String text, LibpqOptions options) {
    if (text.isEmpty()) {
      return;
    }
    List<String> names = new ArrayList<>();
    List<String> ports = new ArrayList<>();
    for (String host : text.split(",", -1)) {
      int bracket = host.lastIndexOf(']');
      if (host.startsWith("[") != bracket > 0) {
        throw new IllegalArgumentException("an IPv6 address must be in brackets: [::1]");
      }
      int colon = host.indexOf(':', Math.max(bracket, 0));
      if (bracket > 0 && bracket + 1 != (colon < 0 ? host.length() : colon)) {
        throw new IllegalArgumentException("only :port may follow an IPv6 address in brackets");
      }
      names.add(decode("host", colon < 0 ? host : host.substring(0, colon)));
      ports.add(colon < 0 ? "" : host.substring(colon + 1));
    }
    if (names.stream().anyMatch(name -> !name.isEmpty())) {
      options.set("host", String.join(",", names));
    }
    if (ports.stream().anyMatch(port -> !port.isEmpty())) {
      options.set("port", String.join(",", ports));
    }
  }

  private static void query(String text, LibpqOptions options) {
    for (String pair : text.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals <= 0) {
        throw new IllegalArgumentException("an option of the database URL is not option=value");
      }
      String name = decode("option", pair.substring(0, equals));
      options.set(name, decode("value of option " + name, pair.substring(equals + 1)));
    }
  }

  /** Unlike URLDecoder, leaves a plus alone and refuses what is not UTF-8. */
  private static String decode(String part, String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] raw = text.getBytes(StandardCharsets.UTF_8);
    try {
      for (int i = 0; i < raw.length; i++) {
        if (raw[i] == '%') {
          bytes.write(HexFormat.fromHexDigits(text(raw, i + 1, i + 3)));
          i += 2;
        } else {
          bytes.write(raw[i]);
        }
      }
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (IllegalArgumentException | IndexOutOfBoundsException | CharacterCodingException e) {
      // Not kept as a cause: nothing of the text may get into a message.
      throw new IllegalArgumentException(
          "the " + part + " in the database URL has a malformed % escape");
    }
  }

  private static String text(byte[] bytes, int from, int to) {
    Objects.checkFromToIndex(from, to, bytes.length);
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }
}
