package io.pgq4j.consumers.telegram;

import java.util.concurrent.CompletableFuture;

/** Sends one message. Nothing here waits for rates or tries again. */
interface Sender {
  /**
   * The future never fails, and completes within the request timeout.
   *
   * @param plain leave the parse mode out
   */
  CompletableFuture<Answer> send(long chatId, String text, boolean plain);

  /** Gives up all requests under way; their outcome stays unknown. */
  void cancelAll();
}
