package io.pgq4j.consumers.telegram;

/** Does what commands say; called by one thread. See {@link SubscriptionCommands} for one. */
public interface CommandHandler {
  /**
   * The number of the last update that has been dealt with; 0 if there was none. Asked when polling
   * starts.
   */
  long lastUpdate() throws Exception;

  /**
   * Does what the command says, and remembers its {@link Command#updateId()} in the same
   * transaction, if it changes anything: then each command is done once, whenever the process dies.
   *
   * @return the answer, in plain text; empty: none
   * @throws IllegalArgumentException if the command is wrong; its message is the answer
   * @throws Exception if it cannot be done now: it is tried again
   */
  String handle(Command command) throws Exception;
}
