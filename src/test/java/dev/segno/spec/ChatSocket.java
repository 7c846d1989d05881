package dev.segno.spec;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A client of the assistant's socket that keeps what it hears. Safe for use by several threads. */
final class ChatSocket implements WebSocket.Listener, AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<JsonNode> events = new CopyOnWriteArrayList<>();
    private final StringBuilder part = new StringBuilder();
    private volatile int closeCode;
    private volatile @Nullable WebSocket socket;

    static ChatSocket open(int port, String query, String... headers) throws Exception {
        ChatSocket opened = new ChatSocket();
        WebSocket.Builder builder = HttpClient.newHttpClient().newWebSocketBuilder();
        for (int i = 0; i < headers.length; i += 2) {
            builder.header(headers[i], headers[i + 1]);
        }
        opened.socket = builder.buildAsync(URI.create("ws://127.0.0.1:" + port + "/ws/chat" + query), opened)
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        return opened;
    }

    /** As a page in a browser does, which cannot set headers. */
    static ChatSocket openWithProtocols(int port, String query, String... protocols) throws Exception {
        ChatSocket opened = new ChatSocket();
        opened.socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .subprotocols(protocols[0], Arrays.copyOfRange(protocols, 1, protocols.length))
                .buildAsync(URI.create("ws://127.0.0.1:" + port + "/ws/chat" + query), opened)
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        return opened;
    }

    /** The subprotocol that was agreed to, empty if there is none. */
    String protocol() {
        return open().getSubprotocol();
    }

    private WebSocket open() {
        return Objects.requireNonNull(socket);
    }

    void send(String text) throws Exception {
        open().sendText(text, true).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** Waits for the n-th event of a type, counted from one; its data. */
    JsonNode event(String type, int n) {
        return await().atMost(PATIENCE)
                .until(
                        () -> events.stream()
                                .filter(event -> event.path("type").asText().equals(type))
                                .toList(),
                        found -> found.size() >= n)
                .get(n - 1)
                .path("data");
    }

    boolean isClosed() {
        return closeCode != 0;
    }

    List<String> types() {
        return events.stream().map(event -> event.path("type").asText()).toList();
    }

    List<JsonNode> events() {
        return List.copyOf(events);
    }

    /** Waits until the server has closed it; with which code. */
    int closeCode() {
        await().atMost(PATIENCE).until(() -> closeCode != 0);
        return closeCode;
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        part.append(data);
        if (last) {
            events.add(JsonClient.parse(part.toString()));
            part.setLength(0);
        }
        from.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        closeCode = code;
        return null;
    }

    @Override
    public void close() {
        open().abort();
    }
}
