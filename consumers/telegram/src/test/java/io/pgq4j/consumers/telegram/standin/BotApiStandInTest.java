package io.pgq4j.consumers.telegram.standin;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.consumers.telegram.Rate;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BotApiStandInTest {
  private final BotApiStandIn telegram = BotApiStandIn.start();
  private final HttpClient http = HttpClient.newHttpClient();

  @AfterEach
  void stop() {
    telegram.close();
  }

  private HttpResponse<String> post(String path, String body)
      throws IOException, InterruptedException {
    return http.send(request(path, body), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest request(String path, String body) {
    return HttpRequest.newBuilder(URI.create(telegram.url() + path))
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private HttpResponse<String> send(long chatId, String text)
      throws IOException, InterruptedException {
    return post(
        "/bot" + BotApiStandIn.TOKEN + "/sendMessage",
        "{\"chat_id\":" + chatId + ",\"text\":\"" + text + "\"}");
  }

  @Test
  void messageIsKeptAndToldAndAcknowledged() throws Exception {
    CompletableFuture<SentMessage> told = new CompletableFuture<>();
    telegram.onMessage(told::complete);
    HttpResponse<String> answer = send(5, "hello");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("\"ok\":true", "\"message_id\":1", "\"hello\"");
    assertThat(told.get(20, TimeUnit.SECONDS).text()).isEqualTo("hello");
    assertThat(telegram.texts(5)).containsExactly("hello");
  }

  @Test
  void getMeKnowsTheBotAndAnotherTokenIsUnauthorized() throws Exception {
    assertThat(post("/bot" + BotApiStandIn.TOKEN + "/getMe", "").body()).contains("stand_in_bot");
    assertThat(post("/bot2:nobody/getMe", "").statusCode()).isEqualTo(401);
    assertThat(post("/bot" + BotApiStandIn.TOKEN + "/noMethod", "").statusCode()).isEqualTo(404);
  }

  @Test
  void textsThatTelegramRefusesAreRefused() throws Exception {
    assertThat(send(5, " ").body()).contains("message text is empty");
    assertThat(send(5, "x".repeat(4096)).statusCode()).isEqualTo(200);
    assertThat(send(5, "x".repeat(4097)).body()).contains("message is too long");
    assertThat(post("/bot" + BotApiStandIn.TOKEN + "/sendMessage", "no json").statusCode())
        .isEqualTo(400);
    assertThat(telegram.messages()).hasSize(1);
  }

  @Test
  void lastingFaultLastsUntilItIsCleared() throws Exception {
    telegram.setFault(5, Fault.blocked());
    assertThat(send(5, "a").statusCode()).isEqualTo(403);
    assertThat(send(5, "a").statusCode()).isEqualTo(403);
    telegram.clearFault(5);
    assertThat(send(5, "a").statusCode()).isEqualTo(200);
  }

  @Test
  void scriptedFaultsAreMetOnceEachInOrder() throws Exception {
    telegram.failNext(Fault.tooManyRequests(3), Fault.migratedTo(-1005));
    assertThat(send(5, "a").body()).contains("\"retry_after\":3");
    assertThat(send(5, "a").body()).contains("\"migrate_to_chat_id\":-1005");
    assertThat(send(5, "a").statusCode()).isEqualTo(200);
  }

  @Test
  void whatComesTooFastIsRefusedWhenRatesAreEnforced() throws Exception {
    telegram.enforceRates(
        new Rate(1, Duration.ofHours(1)),
        new Rate(20, Duration.ofHours(1)),
        new Rate(2, Duration.ofHours(1)));
    assertThat(send(5, "a").statusCode()).isEqualTo(200);
    assertThat(send(5, "a").statusCode()).as("the chat").isEqualTo(429);
    assertThat(send(6, "a").statusCode()).isEqualTo(200);
    assertThat(send(7, "a").body()).as("the bot").contains("retry after 3600");
  }

  @Test
  void groupHasARateOfItsOwn() throws Exception {
    Rate free = new Rate(100, Duration.ofMillis(1));
    telegram.enforceRates(free, new Rate(2, Duration.ofHours(1)), free);
    assertThat(send(-5, "a").statusCode()).isEqualTo(200);
    assertThat(send(-5, "a").statusCode()).isEqualTo(200);
    assertThat(send(-5, "a").statusCode()).isEqualTo(429);
  }

  @Test
  void closeLetsHangingRequestsGo() throws Exception {
    telegram.failNext(Fault.hang());
    CompletableFuture<Void> asked = new CompletableFuture<>();
    telegram.onRequest(() -> asked.complete(null));
    CompletableFuture<HttpResponse<String>> answer =
        http.sendAsync(
            request("/bot" + BotApiStandIn.TOKEN + "/sendMessage", "{\"chat_id\":5}"),
            HttpResponse.BodyHandlers.ofString());
    asked.get(20, TimeUnit.SECONDS);
    telegram.close();
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> answer.get(20, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(IOException.class);
  }
}
