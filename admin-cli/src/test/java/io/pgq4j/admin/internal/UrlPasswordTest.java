package io.pgq4j.admin.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UrlPasswordTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://ann:secret@host/db",
        "postgres://ann:se@cret@host:5432/db",
        "postgresql://:secret@host/db",
        "postgresql://host/db?password=secret",
        "postgresql://host/db?sslmode=require&PASSWORD=secret",
        "postgresql://host/db?pass%77ord=secret",
        "jdbc:postgresql://host/db?user=ann&password=secret",
        "jdbc:postgresql://host/db?sslpassword=secret",
        "jdbc:postgresql://ann:secret@host/db"
      })
  void aPasswordIsFoundWhereverItStands(String url) {
    assertThat(UrlPassword.isIn(url)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://ann@host:5432/db",
        "postgresql://host/db?application_name=a:b@c",
        "postgresql://[::1]:5432/db",
        "postgresql://ann@[::1]:5432/db",
        "jdbc:postgresql://host:5432/db?user=ann&passfile=/x",
        "jdbc:postgresql:db",
        "postgresql:///db?host=/run/postgresql",
        "nonsense",
        "",
        "postgresql://host/db?bad%zz=1"
      })
  void anUrlWithoutOneIsLetThrough(String url) {
    assertThat(UrlPassword.isIn(url)).isFalse();
  }
}
