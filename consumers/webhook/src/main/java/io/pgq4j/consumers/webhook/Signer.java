package io.pgq4j.consumers.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs requests as Standard Webhooks has it. Its toString does not show the secret. */
final class Signer {
  private static final String ALGORITHM = "HmacSHA256";
  private static final String BASE64_PREFIX = "whsec_";

  private final SecretKeySpec key;

  /**
   * @param secret its bytes are the key; or whsec_ and the key in base64
   * @throws IllegalArgumentException if it is neither; the message does not repeat it
   */
  Signer(String secret) {
    if (secret.isBlank()) {
      throw new IllegalArgumentException("the secret is empty");
    }
    byte[] bytes = secret.getBytes(UTF_8);
    if (secret.startsWith(BASE64_PREFIX)) {
      try {
        bytes = Base64.getDecoder().decode(secret.substring(BASE64_PREFIX.length()));
      } catch (IllegalArgumentException e) {
        // Without the cause, which tells a part of it.
        throw new IllegalArgumentException(
            "the secret begins with " + BASE64_PREFIX + ", but what follows is not base64");
      }
    }
    key = new SecretKeySpec(bytes, ALGORITHM);
  }

  /** The header {@code webhook-signature}. */
  String sign(String id, long timestamp, byte[] body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      mac.update((id + "." + timestamp + ".").getBytes(UTF_8));
      return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
