package dev.segno.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.segno.api.TestServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;

/** A route that forwards must not forward to where a caller says. */
class OpenProxyTest {

    @Test
    void S2_absoluteFormTargetsReachNobody() throws Exception {
        AtomicInteger canaryHits = new AtomicInteger();
        AtomicInteger backendHits = new AtomicInteger();
        HttpServer canary = serverThatCounts(canaryHits);
        HttpServer backend = serverThatCounts(backendHits);
        String canaryAt = "127.0.0.1:" + canary.getAddress().getPort();
        try (TestServer server = TestServer.start(new RouteBuilder() {
            @Override
            public void configure() {
                from("platform-http:/forward?matchOnUriPrefix=true")
                        .to("vertx-http:http://127.0.0.1:"
                                + backend.getAddress().getPort() + "/fixed");
            }
        })) {
            for (String target : new String[] {
                "http://" + canaryAt + "/forward",
                "HTTP://" + canaryAt + "/forward",
                "http:" + canaryAt + "/forward",
                canaryAt + "/forward",
                "*"
            }) {
                String answer =
                        server.raw("GET " + target + " HTTP/1.1\nHost: " + canaryAt + "\nConnection: close\n\n");
                assertThat(answer).startsWith("HTTP/1.1 400 ").contains("\"code\":\"invalid\"");
            }
            assertThat(server.raw("CONNECT " + canaryAt + " HTTP/1.1\nHost: " + canaryAt + "\n\n"))
                    .startsWith("HTTP/1.1 400 ");
            assertThat(backendHits).hasValue(0);
            for (String target :
                    new String[] {"/forward", "//" + canaryAt + "/forward", "/forward/http://" + canaryAt}) {
                server.raw("GET " + target + " HTTP/1.1\nHost: localhost\nCamelHttpUri: http://" + canaryAt
                        + "/\nCamelHttpHost: " + canaryAt + "\nConnection: close\n\n");
            }
            assertThat(backendHits.get()).as("the route does forward").isPositive();
            assertThat(canaryHits).hasValue(0);
        } finally {
            canary.stop(0);
            backend.stop(0);
        }
    }

    private static HttpServer serverThatCounts(AtomicInteger hits) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            hits.incrementAndGet();
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        return server;
    }
}
