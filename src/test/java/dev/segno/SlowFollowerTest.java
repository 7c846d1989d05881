package dev.segno;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.segno.control.Settings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One who follows a run and does not read. */
class SlowFollowerTest {

    private static final int ROUNDS = 1_000;
    private static final Pattern ID = Pattern.compile("(?m)^id: (\\d+)$");

    /** More events than the buffers of both ends of a connection hold: each has the message of a failure. */
    private static final String LONG = """
            - route:
                id: long
                from:
                  uri: orchestration:long
                  steps:
                    - loop:
                        constant: "%d"
                        steps:
                          - doTry:
                              steps:
                                - step:
                                    id: fail
                                    steps:
                                      - throwException:
                                          exceptionType: java.lang.IllegalArgumentException
                                          message: "%s"
                              doCatch:
                                - exception: [java.lang.IllegalArgumentException]
                                  steps:
                                    - setBody: {constant: caught}
            """.formatted(ROUNDS, "too long ".repeat(1_500));

    @TempDir
    private Path directory;

    @Test
    void R25_aFollowerThatTakesNothingIsCutOffAndMissesNothingWhenItComesBack() throws Exception {
        Path file = directory.resolve("routes/long/long.camel.yaml");
        Files.createDirectories(file.getParent());
        Files.writeString(file, LONG);
        Settings settings = Settings.of(Map.of("segno.http.write-patience", "300ms", "segno.routes.watch", "false"));
        try (Application node = Application.start(
                new Application.Options(
                        RouteLayout.of(List.of(directory.resolve("routes")), Path.of("routes")),
                        "127.0.0.1",
                        0,
                        directory.resolve("data"),
                        false),
                settings)) {
            String run = new ObjectMapper()
                    .readTree(send(HttpRequest.newBuilder()
                            .uri(uri(node, "/api/orchestrations/long/runs?wait=60s"))
                            .POST(HttpRequest.BodyPublishers.ofString("{}"))))
                    .path("id")
                    .asText();
            String events = "/api/runs/" + run + "/events";
            String heard;
            try (Socket slow = new Socket()) {
                slow.setReceiveBufferSize(64 * 1024);
                slow.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), node.port()));
                slow.getOutputStream()
                        .write(("GET " + events + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                // What the server does meanwhile can be seen at its own end alone.
                await().atMost(Duration.ofSeconds(30)).until(() -> followers(node) == 1);
                await().atMost(Duration.ofSeconds(30)).until(() -> followers(node) == 0);
                heard = rest(slow);
            }
            assertThat(heard).contains("event: step").doesNotContain("event: end");

            // The last event may be broken off: what ends with an empty line was heard.
            List<Long> ids = ids(heard.substring(0, heard.lastIndexOf("\n\n")));
            assertThat(ids).hasSizeBetween(1, ROUNDS - 1);
            String later = send(HttpRequest.newBuilder()
                    .uri(uri(node, events))
                    .header("Last-Event-ID", String.valueOf(ids.get(ids.size() - 1))));
            assertThat(later).contains("event: end");
            ids.addAll(ids(later));
            assertThat(ids).isSorted().doesNotHaveDuplicates().hasSize(ROUNDS);
        }
    }

    private static int followers(Application node) {
        return node.runtime().engine().followers();
    }

    private static URI uri(Application node, String path) {
        return URI.create("http://127.0.0.1:" + node.port() + path);
    }

    private static String send(HttpRequest.Builder request) throws Exception {
        HttpResponse<String> response = HttpClient.newHttpClient()
                .send(request.header("Content-Type", "application/json").build(), HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return response.body();
    }

    /** What the network still had when the server hung up. */
    private static String rest(Socket socket) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            socket.getInputStream().transferTo(bytes);
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("reset");
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static List<Long> ids(String events) {
        List<Long> ids = new ArrayList<>();
        for (Matcher id = ID.matcher(events); id.find(); ) {
            ids.add(Long.valueOf(id.group(1)));
        }
        return ids;
    }
}
