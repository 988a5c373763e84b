package io.pgq4j.daemon;

/** A consumer that can begin with the rows that are there, for {@code --bootstrap}. */
public interface SelfBootstrap {
  /**
   * Takes over the rows that its tables hold now; after that the consumer goes on with the changes:
   * see {@link io.pgq4j.Bootstrap}.
   *
   * @return how many rows there were
   * @throws Exception if that failed; the message tells why, without passwords
   */
  long bootstrap() throws Exception;
}
