package io.pgq4j.consumers.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrivateAddressesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.255.255.254",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "100.127.255.255",
        "198.18.0.1",
        "198.19.255.255",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::7f00:1",
        "fc00::1",
        "fdff::1",
        "fe80::1",
        "febf::1",
        "fec0::1",
        "ff02::1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2002:c0a8:101::1",
        "2001:db8::1",
        "2001:0:1::1"
      })
  void isPrivate(String address) throws Exception {
    assertThat(PrivateAddresses.contain(InetAddress.getByName(address))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "169.253.0.1",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "2606:4700:4700::1111",
        "2002:101:101::",
        "64:ff9b::101:101",
        "2001:4860:4860::8888"
      })
  void isPublic(String address) throws Exception {
    assertThat(PrivateAddresses.contain(InetAddress.getByName(address))).isFalse();
  }

  @Test
  void noConnectionIsMadeWhateverTheNameResolvesTo() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket socket = new GuardedSockets().createSocket()) {
      InetSocketAddress named =
          new InetSocketAddress(
              InetAddress.getByAddress("public.example", new byte[] {127, 0, 0, 1}),
              server.getLocalPort());

      assertThatIOException()
          .isThrownBy(() -> socket.connect(named, 1_000))
          .withMessageContaining("private address");
      assertThatIOException()
          .isThrownBy(
              () ->
                  new GuardedSockets()
                      .createSocket(InetAddress.getLoopbackAddress(), server.getLocalPort()));
      assertThatIOException()
          .as("a name that was not resolved")
          .isThrownBy(() -> socket.connect(InetSocketAddress.createUnresolved("localhost", 1)));
    }
  }
}
