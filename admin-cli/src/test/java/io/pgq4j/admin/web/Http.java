package io.pgq4j.admin.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.LinkedHashMap;
import java.util.Map;

/** Requests as a hostile client can write them, Host header and all. */
record Http(int port) {
  /** What the server answered, headers included. */
  record Answer(String text) {
    int status() {
      return Integer.parseInt(text.substring(9, 12));
    }

    JsonNode json() throws IOException {
      return new ObjectMapper().readTree(text.substring(text.indexOf("\r\n\r\n") + 4));
    }
  }

  Answer get(String path, String... headers) throws IOException {
    return send("GET", path, "", headers);
  }

  /** As the console's own pages do it, the headers given aside. */
  Answer post(String path, String body, String... headers) throws IOException {
    return send("POST", path, body, headers);
  }

  private Answer send(String method, String path, String body, String... headers)
      throws IOException {
    Map<String, String> all = new LinkedHashMap<>(Map.of("Host", "localhost:" + port));
    for (String header : headers) {
      int colon = header.indexOf(": ");
      all.put(header.substring(0, colon), header.substring(colon + 2));
    }
    StringBuilder request = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
    all.forEach((name, value) -> request.append(name).append(": ").append(value).append("\r\n"));
    request
        .append("Connection: close\r\nContent-Length: ")
        .append(body.length())
        .append("\r\n\r\n");
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(request.append(body).toString().getBytes(UTF_8));
      return new Answer(new String(socket.getInputStream().readAllBytes(), UTF_8));
    }
  }
}
