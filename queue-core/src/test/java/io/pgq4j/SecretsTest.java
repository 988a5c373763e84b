package io.pgq4j;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretsTest {

  @ParameterizedTest
  @CsvSource({
    "url, postgresql://me:top@host/db, postgresql://me:***@host/db",
    "url, postgresql://me@host/db, postgresql://me@host/db",
    "url, postgresql://host:5432/db?user=me, postgresql://host:5432/db?user=me",
    "url, jdbc:postgresql://host:5432/db?user=me&password=top, jdbc:postgresql://host:5432/db?user=me&password=***",
    "url, jdbc:postgresql://h/db?sslpassword=top&ssl=true, jdbc:postgresql://h/db?sslpassword=***&ssl=true",
    "bot.token, 123:abc, ***",
    "mail.password, top, ***",
    "heartbeat, 10s, 10s"
  })
  void nothingSecretIsLeft(String name, String value, String shown) {
    assertThat(Secrets.mask(name, value)).isEqualTo(shown);
  }
}
