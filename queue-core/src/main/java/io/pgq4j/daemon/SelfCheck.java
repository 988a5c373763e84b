package io.pgq4j.daemon;

/** What a consumer can find out about itself before its first event, for {@code --check}. */
public interface SelfCheck {
  /**
   * Asks what the consumer depends on besides its queue, a server for instance; changes nothing.
   *
   * @throws Exception if it could not work; the message tells why, without passwords
   */
  void check() throws Exception;
}
