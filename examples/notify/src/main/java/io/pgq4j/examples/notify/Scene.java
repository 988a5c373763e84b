package io.pgq4j.examples.notify;

/** What is sent, and what happens meanwhile. */
enum Scene {
  THERE("the receiver is there", 100),
  AWAY("the receiver is away, then comes back", 2),
  LARGE("a text of 9,000 bytes", 1),
  FAILED("the callback fails, once", 1),
  ROLLED_BACK("the transaction is rolled back", 0);

  /** For the user. */
  final String description;

  /** How many texts are sent, and committed. */
  final int sent;

  Scene(String description, int sent) {
    this.description = description;
    this.sent = sent;
  }

  /** Of a text that belongs to this scene. */
  String text(String more) {
    return name() + " " + more;
  }

  static Scene of(String text) {
    return valueOf(text.substring(0, text.indexOf(' ')));
  }
}
