package dev.segno.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segno.api.TestServer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What of a request's names gets into an exchange, through a real server and a route that looks at its headers. */
class IngressTest {

    private static final String MARK = "planted-value";

    /** Set by the engine itself, from the request line and the authentication. */
    private static final Set<String> OUR_OWN =
            Set.of("CamelHttpMethod", "CamelHttpPath", "CamelHttpQuery", "Segno-Caller", "Segno-Credential-In");

    private static volatile Map<String, Object> seen = Map.of();
    private static volatile String body = "";

    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start(new RouteBuilder() {
            @Override
            public void configure() {
                from("platform-http:/dump").process(exchange -> {
                    seen = Map.copyOf(exchange.getIn().getHeaders());
                    body = String.valueOf(exchange.getIn().getBody());
                    exchange.getIn().setBody("seen");
                });
            }
        });
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** 200 control names: what Camel's components obey, and the forms in which somebody might try to sneak them in. */
    static List<String> controlNames() {
        List<String> names = new ArrayList<>();
        for (String component : List.of(
                "Http",
                "File",
                "Sql",
                "Exec",
                "Bean",
                "Jms",
                "Mail",
                "Quartz",
                "Redis",
                "Kafka",
                "Ftp",
                "Aws",
                "Timer",
                "Split",
                "Loop",
                "Multicast",
                "Toend",
                "Kamelet",
                "Rest",
                "Vertx")) {
            for (String word : List.of("Uri", "Path", "Query", "Method", "Name", "Host", "Id", "Command")) {
                names.add("Camel" + component + word);
            }
        }
        names.addAll(List.of(
                "Camel",
                "Camel-Http-Uri",
                "Camel.Http.Uri",
                "CamelAuthentication",
                "CamelBeanMethodName",
                "CamelCharsetName",
                "CamelFileNameProduced",
                "CamelHttpRawQuery",
                "CamelHttpResponseCode",
                "CamelHttpServletRequest",
                "CamelRedeliveryCounter",
                "CamelVertxPlatformHttpAuthenticatedUser",
                "org.apache.camel.Http",
                "org.apache.camel.",
                "org.apache.camel",
                "org.apache.camel.component.bean",
                "Long-Running-Action",
                "JMSReplyTo",
                "JMSDestination",
                "JMSCorrelationID",
                "JMSXGroupID",
                "JMS",
                "JMS_IBM_Format",
                "breadcrumbId",
                "Segno-Caller",
                "Segno-Credential-In",
                "Transfer-Encoding",
                "Connection",
                "Upgrade",
                "Proxy-Connection"));
        for (int i = names.size(); i < 200; i++) {
            names.add("CamelAnything" + i);
        }
        return names;
    }

    @TestFactory
    Stream<DynamicTest> S1_noControlNameGetsThroughAnyDoor() {
        Map<String, UnaryOperator<String>> cases = Map.of(
                "as it is", name -> name,
                "lower", name -> name.toLowerCase(Locale.ROOT),
                "upper", name -> name.toUpperCase(Locale.ROOT),
                "mixed", IngressTest::mixed);
        List<String> names = controlNames();
        assertThat(names).hasSize(200);
        return cases.entrySet().stream()
                .flatMap(form -> Stream.of("header", "query", "form")
                        .map(door -> DynamicTest.dynamicTest(
                                door + ", " + form.getKey(),
                                () -> assertNoneGetsThrough(
                                        door,
                                        names.stream().map(form.getValue()).toList()))));
    }

    private static void assertNoneGetsThrough(String door, List<String> names) throws Exception {
        for (int from = 0; from < names.size(); from += 50) {
            List<String> some = new ArrayList<>(names.subList(from, from + 50));
            some.add("Harmless");
            send(door, some);
            assertThat(seen).containsEntry("Harmless", MARK);
            Set<String> got = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
            seen.forEach((name, value) -> {
                if (!OUR_OWN.contains(name) && String.valueOf(value).contains(MARK)) {
                    got.add(name);
                }
            });
            assertThat(got).containsExactly("Harmless");
            for (String own : List.of("Segno-Caller", "Segno-Credential-In", "CamelHttpPath", "CamelHttpMethod")) {
                assertThat(String.valueOf(seen.get(own))).doesNotContain(MARK);
            }
        }
        assertThat(body.toLowerCase(Locale.ROOT)).doesNotContain("camel");
    }

    private static void send(String door, List<String> names) throws Exception {
        seen = Map.of();
        StringBuilder pairs = new StringBuilder();
        StringBuilder headers = new StringBuilder();
        for (String name : names) {
            pairs.append(pairs.isEmpty() ? "" : "&")
                    .append(URLEncoder.encode(name, StandardCharsets.UTF_8))
                    .append('=')
                    .append(MARK);
            // These would change the request itself.
            if (!Set.of("transfer-encoding", "connection", "upgrade").contains(name.toLowerCase(Locale.ROOT))) {
                headers.append(name).append(": ").append(MARK).append('\n');
            }
        }
        String end = "Host: localhost\nConnection: close\n";
        String answer = switch (door) {
            case "header" -> server.raw("GET /dump HTTP/1.1\n" + end + headers + "\n");
            case "query" -> server.raw("GET /dump?" + pairs + " HTTP/1.1\n" + end + "\n");
            default ->
                server.raw("POST /dump HTTP/1.1\n" + end
                        + "Content-Type: application/x-www-form-urlencoded\nContent-Length: " + pairs.length()
                        + "\n\n" + pairs);
        };
        assertThat(answer).startsWith("HTTP/1.1 200 ");
        assertThat(answer).as("what came in does not go out again").doesNotContain(MARK);
    }

    private static String mixed(String name) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            out.append(i % 2 == 0 ? Character.toLowerCase(c) : Character.toUpperCase(c));
        }
        return out.toString();
    }

    @Test
    void S1_namesThatAreNoTokensStayOut() throws Exception {
        server.get("/dump?a%20b=1&a%0d%0ab=1&%E2%84%AAamel=1&%C4%87amel=1&ok.name=1");
        assertThat(seen.keySet()).contains("ok.name").doesNotContain("a b", "\u212Aamel", "\u0107amel");
        assertThat(seen.keySet()).allMatch(name -> name.matches("[!-~]+"));
    }

    @Test
    void S1_parametersCannotPassThemselvesOffAsHeaders() throws Exception {
        String answer =
                server.raw("GET /dump?Set-Cookie=a&Content-Type=text/html&Access-Control-Allow-Origin=*&X-Seen=b"
                        + "&idempotency-key=x&traceparent=y&X-Real=param HTTP/1.1\nHost: localhost\nX-Real: header\n"
                        + "Connection: close\n\n");
        assertThat(answer)
                .contains("Content-Type: text/plain")
                .doesNotContain("Set-Cookie", "Access-Control", "X-Seen");
        assertThat(seen).containsEntry("X-Seen", "b").containsEntry("X-Real", "header");
        assertThat(seen).doesNotContainKeys("Set-Cookie", "Content-Type", "idempotency-key", "traceparent");
    }

    @Test
    void S4_credentialsNeverEnterTheExchange() throws Exception {
        server.get(
                "/dump?x-api-key=" + MARK + "&a=1&Authori%7Aation=" + MARK,
                "Authorization",
                "Bearer " + MARK,
                "Proxy-Authorization",
                "Basic " + MARK,
                "Cookie",
                "session=" + MARK,
                "X-Api-Key",
                MARK,
                "X-ADMIN-KEY",
                MARK,
                "Idempotency-Key",
                "kept");
        assertThat(seen).containsEntry("Idempotency-Key", "kept").containsEntry("CamelHttpQuery", "a=1");
        assertThat(seen.entrySet())
                .allSatisfy(
                        header -> assertThat(String.valueOf(header.getValue())).doesNotContain(MARK));
    }

    @Test
    void addressesThatAnHttpProducerWouldFollowAreNotSet() throws Exception {
        server.get("/dump?e=%7B%7Benv:PATH%7D%7D");
        assertThat(seen).doesNotContainKeys("CamelHttpUri", "CamelHttpUrl", "CamelHttpRawQuery");
    }
}
