package io.flashlloyd.spark.report.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A headless Chromium, driven through its DevTools protocol. */
final class Browser implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long SECONDS = 60;

  private final Process process;
  private final WebSocket socket;
  private final AtomicInteger calls = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
  private final List<JsonNode> events = new CopyOnWriteArrayList<>();

  private Browser(Process process, Path profile) throws Exception {
    this.process = process;
    Path port = profile.resolve("DevToolsActivePort");
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (!Files.exists(port) || Files.readAllLines(port).size() < 2) {
      if (System.nanoTime() > end || !process.isAlive()) {
        process.destroyForcibly();
        throw new IOException("Chromium did not open its DevTools port");
      }
      Thread.sleep(50);
    }
    HttpClient http = HttpClient.newHttpClient();
    List<String> lines = Files.readAllLines(port);
    this.socket =
        http.newWebSocketBuilder()
            .buildAsync(
                URI.create("ws://127.0.0.1:%s%s".formatted(lines.get(0), lines.get(1))),
                new Listener())
            .get(SECONDS, TimeUnit.SECONDS);
  }

  /** Where a Chromium is, if there is one. */
  static Optional<Path> program() {
    return Stream.of(System.getenv("PATH").split(":", -1))
        .flatMap(
            folder ->
                Stream.of("chromium", "chromium-browser", "google-chrome")
                    .map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Starts one with a profile of its own in {@code folder}. */
  static Browser open(Path program, Path folder) throws Exception {
    Path profile = folder.resolve("profile");
    Process process =
        new ProcessBuilder(
                program.toString(),
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--hide-scrollbars",
                "--no-first-run",
                "--disable-background-networking",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("chromium.log").toFile())
            .start();
    return new Browser(process, profile);
  }

  /** A page of its own, which records what it logs and loads. */
  Tab tab() throws Exception {
    String target =
        call("", "Target.createTarget", JSON.createObjectNode().put("url", "about:blank"))
            .path("targetId")
            .asText();
    ObjectNode attach = JSON.createObjectNode().put("targetId", target).put("flatten", true);
    Tab tab = new Tab(call("", "Target.attachToTarget", attach).path("sessionId").asText());
    for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
      tab.call(domain + ".enable", JSON.createObjectNode());
    }
    return tab;
  }

  /** One page. */
  final class Tab {
    private final String session;
    private boolean scripts = true;

    private Tab(String session) {
      this.session = session;
    }

    JsonNode call(String method, ObjectNode params) throws Exception {
      return Browser.this.call(session, method, params);
    }

    /** Shows a page in this theme, as wide as this, and waits until it has loaded. */
    void show(URI page, int width, String theme) throws Exception {
      call(
          "Emulation.setDeviceMetricsOverride",
          JSON.createObjectNode()
              .put("width", width)
              .put("height", 900)
              .put("deviceScaleFactor", 1)
              .put("mobile", false));
      ObjectNode media = JSON.createObjectNode();
      media
          .putArray("features")
          .addObject()
          .put("name", "prefers-color-scheme")
          .put("value", theme);
      call("Emulation.setEmulatedMedia", media);
      int before = named("Page.loadEventFired").size();
      call("Page.navigate", JSON.createObjectNode().put("url", page.toString()));
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
      while (named("Page.loadEventFired").size() == before) {
        if (System.nanoTime() > end) {
          throw new IOException(page + " did not load");
        }
        Thread.sleep(20);
      }
      if (scripts) {
        // Charts take their size from observers, which run before the second frame from here.
        evaluate(
            "new Promise(r => requestAnimationFrame(() => requestAnimationFrame(() => r(1))))");
      }
    }

    /** Runs no script of the pages that are shown from here on; {@link #evaluate} still does. */
    void disableScripts() throws Exception {
      scripts = false;
      call("Emulation.setScriptExecutionDisabled", JSON.createObjectNode().put("value", true));
    }

    /** The value of an expression, promises awaited. */
    JsonNode evaluate(String expression) throws Exception {
      JsonNode result =
          call(
              "Runtime.evaluate",
              JSON.createObjectNode()
                  .put("expression", expression)
                  .put("awaitPromise", true)
                  .put("returnByValue", true));
      if (result.has("exceptionDetails")) {
        throw new IOException(expression + ": " + result.path("exceptionDetails"));
      }
      return result.path("result").path("value");
    }

    /** What the page put out as errors or warnings, exceptions included. */
    List<String> complaints() {
      Stream<JsonNode> console =
          named("Runtime.consoleAPICalled").stream()
              .filter(event -> event.path("type").asText().matches("error|warning|assert"));
      Stream<JsonNode> log =
          named("Log.entryAdded").stream()
              .filter(event -> !event.path("entry").path("level").asText().equals("info"));
      return Stream.of(console, log, named("Runtime.exceptionThrown").stream())
          .flatMap(events -> events)
          .map(JsonNode::toString)
          .toList();
    }

    /** Addresses that were asked for. */
    List<String> requests() {
      return named("Network.requestWillBeSent").stream()
          .map(event -> event.path("request").path("url").asText())
          .toList();
    }

    private List<JsonNode> named(String method) {
      return events.stream()
          .filter(event -> event.path("sessionId").asText().equals(session))
          .filter(event -> event.path("method").asText().equals(method))
          .map(event -> event.path("params"))
          .toList();
    }

    /** A picture of the whole page, PNG. */
    byte[] picture() throws Exception {
      JsonNode picture =
          call(
              "Page.captureScreenshot",
              JSON.createObjectNode().put("format", "png").put("captureBeyondViewport", true));
      return Base64.getDecoder().decode(picture.path("data").asText());
    }
  }

  private JsonNode call(String session, String method, ObjectNode params) throws Exception {
    int id = calls.incrementAndGet();
    ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
    message.set("params", params);
    if (!session.isEmpty()) {
      message.put("sessionId", session);
    }
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    answers.put(id, answer);
    socket.sendText(message.toString(), true).get(SECONDS, TimeUnit.SECONDS);
    JsonNode found = answer.get(SECONDS, TimeUnit.SECONDS);
    if (found.has("error")) {
      throw new IOException(method + ": " + found.path("error"));
    }
    return found.path("result");
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        take(text.toString());
        text.setLength(0);
      }
      from.request(1);
      return null;
    }

    private void take(String message) {
      try {
        JsonNode node = JSON.readTree(message);
        CompletableFuture<JsonNode> answer =
            node.has("id") ? answers.remove(node.path("id").asInt()) : null;
        if (answer == null) {
          events.add(node);
        } else {
          answer.complete(node);
        }
      } catch (IOException e) {
        throw new IllegalStateException(message, e);
      }
    }
  }

  @Override
  public void close() {
    socket.abort();
    process.destroy();
    try {
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
