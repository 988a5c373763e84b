package io.pgq4j.consumers.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tokens by which a web application says what a page may see: JSON Web Tokens with HS256 (RFC
 * 7519), so any library for them makes them as well. {@code exp} says until when, in seconds since
 * 1970, {@code where} which rows: an object of columns and their values. Its toString does not show
 * the secret. Thread-safe.
 */
public final class EventTokens {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int SHORTEST_SECRET = 32;
  private static final String HEADER =
      base64("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".getBytes(UTF_8));

  private final SecretKeySpec key;

  /** What a token allows. */
  record Grant(Instant until, Map<String, Set<String>> where) {}

  /**
   * @param secret which the web application and the {@link EventServer} share
   * @throws IllegalArgumentException if it has less than 32 bytes; the message does not repeat it
   */
  public EventTokens(String secret) {
    byte[] bytes = secret.getBytes(UTF_8);
    if (bytes.length < SHORTEST_SECRET) {
      throw new IllegalArgumentException(
          "the secret must have 32 bytes or more: openssl rand -base64 32 makes one");
    }
    key = new SecretKeySpec(bytes, ALGORITHM);
  }

  /**
   * Makes a token.
   *
   * @param until when it ends, and whoever has come with it has to bring another one
   * @param where the rows that may be seen: each of these columns is, as text, one of these values;
   *     without columns, all
   */
  public String issue(Instant until, Map<String, Set<String>> where) {
    ObjectNode payload = Claims.create().put("exp", until.getEpochSecond());
    ObjectNode columns = payload.putObject("where");
    where.forEach(
        (column, values) -> {
          ArrayNode array = columns.putArray(column);
          values.forEach(array::add);
        });
    String signed = HEADER + "." + base64(payload.toString().getBytes(UTF_8));
    return signed + "." + base64(sign(signed));
  }

  /**
   * Checks a token.
   *
   * @throws IllegalArgumentException if it is none, or ends before {@code now}; the message has
   *     nothing of it
   */
  Grant check(String token, Instant now) {
    String[] parts = token.split("\\.", -1);
    if (parts.length != 3) {
      throw new IllegalArgumentException("the token is none: it must be a JSON Web Token");
    }
    byte[] signature = sign(parts[0] + "." + parts[1]);
    if (!MessageDigest.isEqual(signature, decode(parts[2]))
        || !object(parts[0]).path("alg").asText().equals("HS256")) {
      throw new IllegalArgumentException("the token is not signed with this server's secret");
    }
    ObjectNode payload = object(parts[1]);
    JsonNode until = payload.path("exp");
    if (!until.isIntegralNumber() || !until.canConvertToLong()) {
      throw new IllegalArgumentException("the token has no end: claim \"exp\" in seconds");
    }
    long seconds = Math.max(0, Math.min(until.asLong(), Instant.MAX.getEpochSecond()));
    Grant grant = new Grant(Instant.ofEpochSecond(seconds), Claims.where(payload));
    if (!now.isBefore(grant.until())) {
      throw new IllegalArgumentException("the token has expired");
    }
    return grant;
  }

  private byte[] sign(String text) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac.doFinal(text.getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ObjectNode object(String part) {
    return Claims.object(new String(decode(part), UTF_8));
  }

  private static byte[] decode(String part) {
    try {
      return Base64.getUrlDecoder().decode(part);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("the token is none: it is not in base64url");
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
