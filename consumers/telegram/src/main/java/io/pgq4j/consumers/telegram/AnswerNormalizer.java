package io.pgq4j.consumers.telegram;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;
import org.telegram.telegrambots.meta.api.methods.send.SendMessage;
import org.telegram.telegrambots.meta.api.methods.updates.GetUpdates;

/**
 * Stands between the HTTP client and the Bot API client and evens out what the latter gets wrong.
 *
 * <ul>
 *   <li>It forgets the HTTP status of an answer that is not JSON, as proxies send them: such an
 *       answer becomes an error in Telegram's form.
 *   <li>It reads the whole sent message back and calls the delivery failed when it meets a shape it
 *       does not know, which would send the message again: of that answer only {@code ok} is passed
 *       on.
 *   <li>The HTTP client may send a request a second time when a connection breaks after the first
 *       was written, which would show the message twice: the body may be sent once.
 *   <li>It cannot read an update of a shape that it does not know, and would never get past it: of
 *       updates only texts are passed on.
 *   <li>An answer of any length is read into memory: this reads a bounded beginning.
 * </ul>
 */
final class AnswerNormalizer implements Interceptor {
  private static final MediaType JSON = MediaType.get("application/json");
  private static final int MAX_ANSWER_BYTES = 1 << 20;
  private static final int MAX_EXCERPT = 200;

  private final ObjectMapper mapper = new ObjectMapper();

  @Override
  public Response intercept(Chain chain) throws IOException {
    Response response = chain.proceed(sentOnce(chain.request()));
    byte[] answer;
    try (ResponseBody body = response.body()) {
      answer = body == null ? new byte[0] : body.byteStream().readNBytes(MAX_ANSWER_BYTES);
    }
    ObjectNode normal = normalize(response, new String(answer, StandardCharsets.UTF_8));
    String path = chain.request().url().encodedPath();
    if (path.endsWith("/" + SendMessage.PATH)) {
      normal.remove("result");
    } else if (path.endsWith("/" + GetUpdates.PATH)) {
      normal.replace("result", texts(normal.path("result")));
    }
    return response.newBuilder().body(ResponseBody.create(normal.toString(), JSON)).build();
  }

  private ArrayNode texts(JsonNode updates) {
    ArrayNode normal = mapper.createArrayNode();
    for (JsonNode update : updates) {
      ObjectNode kept = normal.addObject();
      kept.set("update_id", update.path("update_id"));
      JsonNode message = update.path("message");
      if (message.path("text").isTextual()) {
        ObjectNode text = kept.putObject("message");
        text.set("message_id", message.path("message_id"));
        text.set("date", message.path("date"));
        text.set("text", message.path("text"));
        ObjectNode chat = text.putObject("chat");
        chat.set("id", message.path("chat").path("id"));
        chat.set("type", message.path("chat").path("type"));
      }
    }
    return normal;
  }

  private ObjectNode normalize(Response response, String answer) {
    ObjectNode normal = mapper.createObjectNode();
    JsonNode json = parse(answer);
    if (json == null || !json.path("ok").isBoolean()) {
      normal.put("ok", false);
      normal.put("error_code", response.code());
      normal.put("description", "no Bot API answer: " + excerpt(answer));
    } else if (json.path("ok").booleanValue()) {
      normal.put("ok", true);
      normal.set("result", json.path("result"));
    } else {
      normal.put("ok", false);
      normal.put("error_code", json.path("error_code").asInt(response.code()));
      normal.put("description", excerpt(json.path("description").asText()));
      putParameters(normal, json.path("parameters"));
    }
    return normal;
  }

  private static void putParameters(ObjectNode normal, JsonNode given) {
    ObjectNode parameters = normal.putObject("parameters");
    if (given.path("retry_after").canConvertToInt()) {
      parameters.put("retry_after", given.path("retry_after").intValue());
    }
    if (given.path("migrate_to_chat_id").canConvertToLong()) {
      parameters.put("migrate_to_chat_id", given.path("migrate_to_chat_id").longValue());
    }
  }

  private @Nullable JsonNode parse(String answer) {
    try {
      return mapper.readTree(answer);
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  private static String excerpt(String text) {
    String line = text.replaceAll("\\s+", " ").strip();
    return line.length() <= MAX_EXCERPT ? line : line.substring(0, MAX_EXCERPT) + "…";
  }

  private static Request sentOnce(Request request) {
    RequestBody body = request.body();
    return body == null
        ? request
        : request.newBuilder().method(request.method(), new OneShotBody(body)).build();
  }

  private static final class OneShotBody extends RequestBody {
    private final RequestBody body;

    OneShotBody(RequestBody body) {
      this.body = body;
    }

    @Override
    public @Nullable MediaType contentType() {
      return body.contentType();
    }

    @Override
    public long contentLength() throws IOException {
      return body.contentLength();
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      body.writeTo(sink);
    }

    @Override
    public boolean isOneShot() {
      return true;
    }
  }
}
