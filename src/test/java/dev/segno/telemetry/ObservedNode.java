package dev.segno.telemetry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.segno.Application;
import dev.segno.RouteLayout;
import dev.segno.control.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A node with a service that it calls: runs that complete, that are tried twice, and that are parked. */
final class ObservedNode implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String GREET = """
            - routeConfiguration:
                id: twice
                onException:
                  - onException:
                      exception: [java.lang.Exception]
                      redeliveryPolicy: {maximumRedeliveries: 1, redeliveryDelay: "1"}
            - route:
                id: greet
                routeConfigurationId: twice
                from:
                  uri: orchestration:greet
                  steps:
                    - step:
                        id: look-up
                        steps:
                          - to: kamelet:call?service=people&path=/find&timeoutMs=5000
                    - split:
                        id: each
                        simple: "${body[names]}"
                        steps:
                          - step:
                              id: say
                              steps:
                                - log: "saying hello to ${body}"
                    - step:
                        id: deliver
                        steps:
                          - to: kamelet:call?service=mail&path=/send&timeoutMs=5000
            """;

    private static final String OUTER = """
            - route:
                id: outer
                from:
                  uri: orchestration:outer
                  steps:
                    - step:
                        id: inner
                        steps:
                          - to: orchestration:greet?mode=sync
            """;

    /** What a service was asked. */
    record Asked(String path, Map<String, String> headers) {}

    final Queue<Asked> asked = new ConcurrentLinkedQueue<>();

    /** How often {@code /send} is yet to answer 503. */
    final AtomicInteger refusals = new AtomicInteger();

    private final HttpClient http = HttpClient.newHttpClient();
    private final HttpServer service;
    private final Application application;

    ObservedNode(Path directory, Map<String, String> settings) throws Exception {
        Path routes = Files.createDirectories(directory.resolve("routes/first"));
        Files.writeString(routes.resolve("greet.camel.yaml"), GREET);
        Files.writeString(routes.resolve("outer.camel.yaml"), OUTER);
        service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        service.setExecutor(Executors.newCachedThreadPool());
        service.createContext("/", exchange -> {
            Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.get(0)));
            asked.add(new Asked(exchange.getRequestURI().getPath(), headers));
            boolean refused = exchange.getRequestURI().getPath().equals("/send")
                    && refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
            byte[] answer = "{\"names\": [\"Ada\", \"Grace\"]}".getBytes(StandardCharsets.UTF_8);
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(refused ? 503 : 200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        service.start();
        String address = "http://127.0.0.1:" + service.getAddress().getPort();
        Map<String, String> all = new TreeMap<>(settings);
        all.put("PEOPLE_URL", address);
        all.put("MAIL_URL", address);
        all.put("segno.routes.watch", "false");
        try {
            application = Application.start(
                    new Application.Options(
                            RouteLayout.of(List.of(directory.resolve("routes")), Path.of("routes")),
                            "127.0.0.1",
                            0,
                            directory.resolve("data"),
                            false),
                    Settings.of(all));
        } catch (Exception e) {
            service.stop(0);
            throw e;
        }
    }

    int port() {
        return application.port();
    }

    /** Sends a request and gives back its answer. */
    HttpResponse<String> send(String method, String path, String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Starts a run, and waits until it has ended or stands. */
    JsonNode run(String orchestration, String... headers) throws Exception {
        HttpResponse<String> answer = send(
                "POST",
                "/api/orchestrations/" + orchestration + "/runs?wait=20s",
                "{}",
                with(headers, "Content-Type", "application/json"));
        return json(answer);
    }

    private static String[] with(String[] headers, String... more) {
        String[] all = java.util.Arrays.copyOf(headers, headers.length + more.length);
        System.arraycopy(more, 0, all, headers.length, more.length);
        return all;
    }

    static JsonNode json(HttpResponse<String> answer) throws IOException {
        return JSON.readTree(answer.body());
    }

    @Override
    public void close() {
        application.close();
        service.stop(0);
    }
}
