package io.pgq4j.consumers.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SignerTest {

  /** The example of the specification. */
  @Test
  void signsAsStandardWebhooksHasIt() {
    assertThat(
            new Signer("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
                .sign(
                    "msg_p5jXN8AQM9LWM0D4loKWxJek",
                    1614265330,
                    "{\"test\": 2432232314}".getBytes(UTF_8)))
        .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  }

  @Test
  void aSecretThatIsNoneIsRefusedWithoutRepeatingIt() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Signer(" "));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Signer("whsec_hush!"))
        .withMessageNotContaining("hush")
        .withNoCause();
  }

  @Test
  void retryAfterIsSecondsOrATime() {
    Instant now = Instant.parse("2026-11-20T10:00:00Z");

    assertThat(Endpoint.retryAfter("120", now)).contains(Duration.ofMinutes(2));
    assertThat(Endpoint.retryAfter("Fri, 20 Nov 2026 10:00:30 GMT", now))
        .contains(Duration.ofSeconds(30));
    assertThat(Endpoint.retryAfter("Fri, 20 Nov 2026 09:00:00 GMT", now)).contains(Duration.ZERO);
    assertThat(Endpoint.retryAfter("999999999", now)).contains(Duration.ofDays(1));
    assertThat(Endpoint.retryAfter("soon", now)).isEmpty();
    assertThat(Endpoint.retryAfter(null, now)).isEmpty();
  }
}
