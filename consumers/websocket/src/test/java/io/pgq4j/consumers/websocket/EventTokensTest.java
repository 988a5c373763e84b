package io.pgq4j.consumers.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventTokensTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant LATER = NOW.plusSeconds(60);

  private final EventTokens tokens = new EventTokens("a secret that is long enough for all");

  private void assertRefused(String token, String why) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> tokens.check(token, NOW))
        .withMessageContaining(why);
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
  }

  @Test
  void itSaysUntilWhenAndWhichRows() {
    String token = tokens.issue(LATER, Map.of("owner", Set.of("anna")));

    EventTokens.Grant grant = tokens.check(token, NOW);

    assertThat(grant.until()).isEqualTo(LATER);
    assertThat(grant.where()).containsExactly(Map.entry("owner", Set.of("anna")));
    assertThat(tokens).asString().doesNotContain("secret that");
  }

  @Test
  void itIsAJsonWebToken() {
    EventTokens theirs = new EventTokens("your-256-bit-secret-your-256-bit-secret");
    String[] parts = theirs.issue(LATER, Map.of()).split("\\.", -1);

    assertThat(new String(Base64.getUrlDecoder().decode(parts[0]), UTF_8))
        .isEqualTo("{\"alg\":\"HS256\",\"typ\":\"JWT\"}");
    assertThat(new String(Base64.getUrlDecoder().decode(parts[1]), UTF_8))
        .isEqualTo("{\"exp\":1767225660,\"where\":{}}");
  }

  @Test
  void itEnds() {
    String token = tokens.issue(NOW, Map.of());

    assertRefused(token, "expired");
  }

  @Test
  void whatIsSignedByNobodyOrSomebodyElseIsRefused() {
    String token = tokens.issue(LATER, Map.of("owner", Set.of("anna")));
    String[] parts = token.split("\\.", -1);
    String forged = base64("{\"exp\":9999999999}");

    assertRefused(parts[0] + "." + forged + "." + parts[2], "not signed");
    assertRefused(base64("{\"alg\":\"none\"}") + "." + forged + ".", "not signed");
    assertRefused(parts[0] + "." + parts[1] + ".!", "base64url");
    assertRefused(
        new EventTokens("another secret that is long enough").issue(LATER, Map.of()), "not signed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "a.b", "a.b.c.d", "..", "null"})
  void whatIsNoTokenIsRefused(String token) {
    assertThatIllegalArgumentException().isThrownBy(() -> tokens.check(token, NOW));
  }

  @Test
  void aShortSecretIsRefusedAndNotRepeated() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new EventTokens("hush"))
        .withMessageContaining("32 bytes")
        .withMessageNotContaining("hush");
  }
}
