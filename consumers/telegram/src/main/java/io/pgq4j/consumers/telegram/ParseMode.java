package io.pgq4j.consumers.telegram;

/** How Telegram reads the markup of a text. Without one it shows the text as it is. */
public enum ParseMode {
  HTML("HTML"),
  MARKDOWN_V2("MarkdownV2");

  private final String wireName;

  ParseMode(String wireName) {
    this.wireName = wireName;
  }

  String wireName() {
    return wireName;
  }
}
