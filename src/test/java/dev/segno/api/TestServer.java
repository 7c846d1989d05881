package dev.segno.api;

import dev.segno.control.Settings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/** A server on a port of its own with a real Camel context behind it. */
public final class TestServer implements AutoCloseable {

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final HttpServer server;
    private final CamelContext camel = new DefaultCamelContext();

    private TestServer(HttpServer server) {
        this.server = server;
    }

    public static TestServer start(RouteBuilder routes) throws Exception {
        return start(Map.of(), List.of(), routes, router -> {});
    }

    public static TestServer start(
            Map<String, String> settings, List<ApiDocument> packages, RouteBuilder routes, ApiRoutes resources)
            throws Exception {
        Map<String, String> all = new HashMap<>(settings);
        HttpServer server = HttpServer.open(HttpServer.Options.from("127.0.0.1", 0, Settings.of(all), false, packages));
        TestServer test = new TestServer(server);
        try {
            server.mount(resources);
            server.attach(test.camel);
            test.camel.addRoutes(routes);
            test.camel.getShutdownStrategy().setTimeout(20);
            test.camel.start();
            server.listen();
        } catch (Exception e) {
            test.close();
            throw e;
        }
        return test;
    }

    public CamelContext camel() {
        return camel;
    }

    public HttpServer server() {
        return server;
    }

    public int port() {
        return server.port();
    }

    /** Sends a request and reads the answer; headers are given as name, value, name, value. */
    public HttpResponse<String> send(String method, String target, String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + target))
                .timeout(Duration.ofSeconds(30))
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    public HttpResponse<String> get(String target, String... headers) throws IOException, InterruptedException {
        return send("GET", target, "", headers);
    }

    /** Sends bytes as they are, and returns all that comes back until the server ends the connection or 10 s are over. */
    public String raw(byte[] bytes) throws IOException {
        try (Socket socket = connect()) {
            try {
                socket.getOutputStream().write(bytes);
                socket.getOutputStream().flush();
            } catch (IOException e) {
                // The server may have answered and left before everything was sent; what it said still counts.
            }
            return readAll(socket.getInputStream());
        }
    }

    /** As {@link #raw(byte[])}, from text in Latin-1 with {@code \n} for line ends. */
    public String raw(String text) throws IOException {
        return raw(text.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    public Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static String readAll(InputStream in) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] piece = new byte[8192];
        try {
            for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                out.write(piece, 0, n);
            }
        } catch (IOException e) {
            // A reset after the answer: what came before it counts.
        }
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        server.drain();
        camel.stop();
        server.close();
    }
}
