package io.pgq4j;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;

/**
 * The keys whose events have to wait. It holds a bounded number of them; when it is full, every key
 * is taken for one of them, because to wait is always right.
 */
final class HeldKeys {
  static final int LIMIT = 100_000;

  /** Longer keys are replaced by a digest, for memory and for the index. */
  private static final int MAX_LENGTH = 200;

  private final Set<String> keys = new HashSet<>();

  /** The key as it is kept. */
  static String fit(String key) {
    if (key.length() <= MAX_LENGTH && Texts.unstorable(key) < 0) {
      return key;
    }
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_16));
      return "sha256:" + HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  void add(String key) {
    if (!isFull()) {
      keys.add(key);
    }
  }

  boolean isFull() {
    return keys.size() >= LIMIT;
  }

  boolean contains(String key) {
    return isFull() || keys.contains(key);
  }
}
