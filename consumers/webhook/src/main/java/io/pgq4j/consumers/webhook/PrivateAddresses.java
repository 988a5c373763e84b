package io.pgq4j.consumers.webhook;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * The addresses that are not of the public Internet, by IANA's registries of special-purpose
 * addresses: this machine, networks of one's own, and what is translated to such an address.
 */
final class PrivateAddresses {
  private static final class Block {
    private final byte[] network;
    private final int bits;

    Block(byte[] network, int bits) {
      this.network = network;
      this.bits = bits;
    }

    boolean contains(byte[] address) {
      if (address.length != network.length) {
        return false;
      }
      int whole = bits / 8;
      int mask = 0xff << (8 - bits % 8);
      return Arrays.equals(network, 0, whole, address, 0, whole)
          && (bits % 8 == 0 || ((network[whole] ^ address[whole]) & mask & 0xff) == 0);
    }
  }

  private static final List<Block> BLOCKS =
      blocks(
          "0.0.0.0/8", // this network
          "10.0.0.0/8",
          "100.64.0.0/10", // carriers' NAT
          "127.0.0.0/8",
          "169.254.0.0/16", // link-local; clouds' metadata
          "172.16.0.0/12",
          "192.0.0.0/24",
          "192.0.2.0/24",
          "192.168.0.0/16",
          "198.18.0.0/15",
          "198.51.100.0/24",
          "203.0.113.0/24",
          "224.0.0.0/4", // multicast
          "240.0.0.0/4", // reserved, broadcast
          "::/96", // unspecified, loopback, IPv4-compatible
          "100::/64",
          "2001::/23", // Teredo and others
          "2001:db8::/32",
          "fc00::/7",
          "fe80::/9", // link-local and site-local
          "ff00::/8");

  /** IPv4 addresses are within these, from the given byte on. */
  private static final Block NAT64 = block("64:ff9b::/96");

  private static final int NAT64_OFFSET = 12;
  private static final Block NAT64_LOCAL = block("64:ff9b:1::/48");
  private static final Block SIX_TO_FOUR = block("2002::/16");
  private static final int SIX_TO_FOUR_OFFSET = 2;

  private PrivateAddresses() {}

  static boolean contain(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (NAT64.contains(bytes)) {
      return contain(embedded(bytes, NAT64_OFFSET));
    }
    if (SIX_TO_FOUR.contains(bytes)) {
      return contain(embedded(bytes, SIX_TO_FOUR_OFFSET));
    }
    return NAT64_LOCAL.contains(bytes) || BLOCKS.stream().anyMatch(block -> block.contains(bytes));
  }

  private static InetAddress embedded(byte[] bytes, int offset) {
    try {
      return Inet4Address.getByAddress(Arrays.copyOfRange(bytes, offset, offset + 4));
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private static List<Block> blocks(String... texts) {
    return Arrays.stream(texts).map(PrivateAddresses::block).toList();
  }

  private static Block block(String text) {
    int slash = text.indexOf('/');
    try {
      return new Block(
          InetAddress.getByName(text.substring(0, slash)).getAddress(),
          Integer.parseInt(text.substring(slash + 1)));
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }
}
