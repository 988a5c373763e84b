package io.pgq4j.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Map;
import java.util.Objects;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PromptSocketFactoryTest {
  private final ServerSocket listening = listen();
  private final Socket client = create();
  private Socket server = client;

  private static ServerSocket listen() {
    try {
      return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Socket create() {
    try {
      return new PromptSocketFactory().createSocket();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @BeforeEach
  void connect() throws IOException {
    client.connect(listening.getLocalSocketAddress());
    server = listening.accept();
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    server.close();
    listening.close();
  }

  @Test
  void theDriversLookForMoreDoesNotWait() throws IOException {
    InputStream in = client.getInputStream();
    client.setSoTimeout(1);
    // The JDK's own message would be another one.
    assertThatThrownBy(() -> in.read(new byte[8], 0, 8))
        .isInstanceOf(SocketTimeoutException.class)
        .hasMessage("there is nothing more");
    assertThatThrownBy(in::read)
        .isInstanceOf(SocketTimeoutException.class)
        .hasMessage("there is nothing more");
  }

  @Test
  void anIdleConnectionAsksForSignsOfLife() throws IOException {
    assertThat(client.getOption(ExtendedSocketOptions.TCP_KEEPIDLE)).isEqualTo(30);
    assertThat(client.getOption(ExtendedSocketOptions.TCP_KEEPINTERVAL)).isEqualTo(10);
    assertThat(client.getOption(ExtendedSocketOptions.TCP_KEEPCOUNT)).isEqualTo(3);
  }

  @Test
  void theDriversLookForMoreFindsWhatIsThere() throws IOException {
    InputStream in = client.getInputStream();
    send(7, 8);
    assertThat(in.read()).isEqualTo(7);
    client.setSoTimeout(1);
    assertThat(in.read(new byte[8], 0, 8)).isEqualTo(1);
  }

  @Test
  void otherReadsWaitAsEver() throws IOException {
    InputStream in = client.getInputStream();
    client.setSoTimeout(2);
    assertThatThrownBy(in::read)
        .isInstanceOf(SocketTimeoutException.class)
        .hasMessageNotContaining("there is nothing more");
    client.setSoTimeout(0);
    send(9);
    assertThat(in.read()).isEqualTo(9);
  }

  @Test
  void ourDataSourcesUseItUnlessTheUrlNamesAnother() {
    assertThat(socketFactory("jdbc:postgresql://h/d"))
        .isEqualTo(PromptSocketFactory.class.getName());
    assertThat(socketFactory("jdbc:postgresql://h/d?socketFactory=org.example.Mine"))
        .isEqualTo("org.example.Mine");
  }

  private static String socketFactory(String url) {
    return Objects.requireNonNull(
        DatabaseAddress.parse(url, Map.of("PGUSER", "u")).dataSource().getSocketFactory());
  }

  private void send(int... values) throws IOException {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    server.getOutputStream().write(bytes);
  }
}
