package io.pgq4j.admin.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.HttpResponseException;
import io.javalin.http.SameSite;
import io.pgq4j.admin.internal.Json;
import io.pgq4j.admin.internal.JsonObject;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Decides who may ask what; see the package's comment. Thread-safe. */
final class Guard {
  /** What every request that changes something carries, and no form of another site can. */
  static final String WRITE_HEADER = "X-Pgq-Console";

  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
              + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
              + " require-trusted-types-for 'script'; trusted-types 'none'",
          "Cache-Control",
          "no-store",
          "Cross-Origin-Opener-Policy",
          "same-origin",
          "Cross-Origin-Resource-Policy",
          "same-origin",
          "Referrer-Policy",
          "no-referrer",
          "X-Content-Type-Options",
          "nosniff",
          "X-Frame-Options",
          "DENY");

  /** A host, an IPv6 address in brackets, and perhaps a port. */
  private static final Pattern HOST = Pattern.compile("(\\[[0-9a-f:.]+\\]|[^:]+)(?::\\d+)?");

  private static final Pattern ADDRESS =
      Pattern.compile("\\[[0-9a-f:.]+\\]|\\d{1,3}(?:\\.\\d{1,3}){3}");

  private final Console.Options options;
  private final String session;

  Guard(Console.Options options) {
    this.options = options;
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    session = HexFormat.of().formatHex(random);
  }

  /** Before anything else is done. */
  void check(Context http) {
    HEADERS.forEach(http::header);
    String host = http.header("Host");
    if (!isOurs(host)) {
      throw new HttpResponseException(
          421, "This console does not answer to that host name; start it with --name.");
    }
    if (!http.path().startsWith("/api/")) {
      return;
    }
    refuseOtherSites(http, host);
    boolean asksToCome = http.path().equals("/api/session") || http.path().equals("/api/login");
    if (!asksToCome && !isKnown(http)) {
      throw new HttpResponseException(401, "The token is needed.");
    }
    if (!asksToCome && !http.method().name().equals("GET") && !options.allowWrites()) {
      throw new HttpResponseException(
          403, "This console only looks; start it with --allow-writes to change something.");
    }
  }

  private boolean isOurs(@Nullable String header) {
    Matcher matcher = HOST.matcher(header == null ? "" : header.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      return false;
    }
    String name = matcher.group(1);
    return ADDRESS.matcher(name).matches()
        || name.equals("localhost")
        || name.equals(options.address().host().toLowerCase(Locale.ROOT))
        || options.names().contains(name);
  }

  private static void refuseOtherSites(Context http, @Nullable String host) {
    String site = http.header("Sec-Fetch-Site");
    String origin = http.header("Origin");
    boolean fromHere =
        (site == null || Set.of("same-origin", "none").contains(site))
            && (origin == null || origin.replaceFirst("^https?://", "").equals(host));
    boolean writes = !http.method().name().equals("GET");
    if (!fromHere || (writes && http.header(WRITE_HEADER) == null)) {
      throw new HttpResponseException(403, "Only the console's own pages may ask this.");
    }
  }

  private boolean isKnown(Context http) {
    if (options.token() == null) {
      return true;
    }
    String authorization = http.header("Authorization");
    return isSame(session, http.cookie(cookieName(http)))
        || (authorization != null && isSame("Bearer " + options.token(), authorization));
  }

  /** Cookies do not know ports, and there may be several consoles. */
  private static String cookieName(Context http) {
    return "pgq-console-" + http.req().getLocalPort();
  }

  private static boolean isSame(String secret, @Nullable String given) {
    return given != null && MessageDigest.isEqual(secret.getBytes(UTF_8), given.getBytes(UTF_8));
  }

  /** What a page has to know first. */
  void session(Context http) {
    tell(http, isKnown(http));
  }

  private void tell(Context http, boolean known) {
    Console.json(
        http,
        Json.write(
            JsonObject.of("known", known)
                .with("database", known ? options.database() : null)
                .with("writes", options.allowWrites())
                .map()));
  }

  /** Takes the token, in the body, and gives the cookie. */
  void login(Context http) {
    String token = options.token();
    if (token != null && !isSame(token, http.body())) {
      throw new HttpResponseException(401, "That is not the token.");
    }
    Cookie cookie = new Cookie(cookieName(http), session);
    cookie.setHttpOnly(true);
    cookie.setSameSite(SameSite.STRICT);
    http.cookie(cookie);
    tell(http, true);
  }
}
