package io.pgq4j.consumers.telegram;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          /start                     | start  | ""
          " /ADD  php, wordpress "   | add    | php, wordpress
          /add@the_bot php           | add    | php
          /add@The_Bot               | add    | ""
          "/add php\n wordpress"     | add    | "php\n wordpress"
          php, please                | ""     | php, please
          /                          | ""     | /
          /add-php                   | ""     | /add-php
          """)
  void commandsHaveANameAndTheRest(String text, String name, String arguments) {
    assertThat(Command.of(7, 5, text, "the_bot")).isEqualTo(new Command(7, 5, name, arguments));
  }

  @Test
  void whatIsForAnotherBotOrIsTalkInAGroupIsNoneOfOurs() {
    assertThat(Command.of(7, -5, "/add@other_bot php", "the_bot")).isNull();
    assertThat(Command.of(7, -5, "who knows php?", "the_bot")).isNull();
    assertThat(Command.of(7, -5, "/list", "the_bot")).isEqualTo(new Command(7, -5, "list", ""));
  }
}
