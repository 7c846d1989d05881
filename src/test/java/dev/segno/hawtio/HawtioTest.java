package dev.segno.hawtio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.segno.Application;
import dev.segno.RouteLayout;
import dev.segno.control.Settings;
import dev.segno.control.SettingsException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hawtio looks at the routes of a node, and can do nothing to it. */
class HawtioTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String KEY = "X-Api-Key: the-key";
    private static final String CANARY = "canary-4711";

    private static Application application;

    @TempDir
    private static Path directory;

    /** A status and a body. */
    private record Answer(int status, String head, String body) {
        JsonNode json() throws IOException {
            return JSON.readTree(body);
        }
    }

    @BeforeAll
    static void start() throws Exception {
        System.setProperty("segno.test.secret", CANARY);
        Path routes = Files.createDirectories(directory.resolve("routes/first"));
        Files.writeString(routes.resolve("first.camel.yaml"), """
                - route:
                    id: first
                    from:
                      uri: orchestration:first
                      steps:
                        - step:
                            id: say
                            steps:
                              - setBody:
                                  constant: "{{SOME_WORD}}"
                """);
        application = start(
                directory.resolve("data"),
                Map.of("segno.hawtio", "true", "SEGNO_VIEWER_KEYS", "eyes=the-key", "PEER_TOKEN", "peer-key"));
    }

    private static Application start(Path data, Map<String, String> settings) throws Exception {
        Map<String, String> all = new TreeMap<>(settings);
        all.put("SOME_WORD", CANARY);
        all.put("segno.routes.watch", "false");
        return Application.start(
                new Application.Options(
                        RouteLayout.of(List.of(directory.resolve("routes")), Path.of("routes")),
                        "127.0.0.1",
                        0,
                        data,
                        false),
                Settings.of(all));
    }

    @AfterAll
    static void stop() {
        application.close();
        System.clearProperty("segno.test.secret");
    }

    /** Sends a request as it is: with any Origin and any path, which no client library would. */
    private static Answer send(String line, String body, String... headers) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), application.port())) {
            socket.setSoTimeout(20_000);
            String text = line + " HTTP/1.1\r\nHost: localhost:" + application.port() + "\r\nConnection: close\r\n"
                    + String.join(
                            "",
                            List.of(headers).stream()
                                    .map(header -> header + "\r\n")
                                    .toList())
                    + "Content-Type: application/json\r\nContent-Length: "
                    + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body;
            socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            InputStream in = socket.getInputStream();
            String answer = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            int end = answer.indexOf("\r\n\r\n");
            return new Answer(
                    Integer.parseInt(answer.substring(9, 12)), answer.substring(0, end), answer.substring(end + 4));
        }
    }

    private static Answer ask(String request) throws IOException {
        return send("POST /hawtio/jolokia", request, KEY);
    }

    private static String contextName() throws Exception {
        return ManagementFactory.getPlatformMBeanServer()
                .queryNames(new ObjectName("org.apache.camel:type=context,*"), null)
                .iterator()
                .next()
                .toString()
                .replace("\"", "\\\"");
    }

    @Test
    void itsPagesAreServedWithAPolicy() throws IOException {
        Answer page = send("GET /hawtio/", "", KEY);
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.body()).contains("<title>Hawtio</title>");
        assertThat(page.head()).contains("default-src 'self'").contains("nosniff");
        Matcher script = Pattern.compile("src=\"(/hawtio/static/js/[^\"]+)\"").matcher(page.body());
        assertThat(script.find()).isTrue();
        Answer code = send("GET " + script.group(1), "", KEY);
        assertThat(code.status()).isEqualTo(200);
        assertThat(code.head()).containsIgnoringCase("content-type: text/javascript");
        assertThat(send("GET /hawtio/static/../../../pom.xml", "", KEY).status())
                .isIn(400, 403, 404);
        assertThat(send("GET /hawtio", "", KEY).head()).contains("Location: /hawtio/");
        assertThat(send("GET /hawtio/camel/routes", "", KEY).body()).contains("<title>Hawtio</title>");
        assertThat(send("GET /hawtio/none.js", "", KEY).status()).isEqualTo(404);
        assertThat(send("GET /hawtio/auth/login", "", KEY).status()).isEqualTo(404);
        assertThat(send("GET /hawtio/user", "", KEY).body()).isEqualTo("\"public\"");
        assertThat(send("GET /hawtio/plugin", "", KEY).body()).isEqualTo("[]");
    }

    @Test
    void itReadsRoutesTheirStatisticsAndWhatDiagramsAreDrawnOf() throws Exception {
        JsonNode found = ask("{\"type\": \"search\", \"mbean\": \"org.apache.camel:type=routes,*\"}")
                .json();
        assertThat(found.at("/value").toString()).contains("first@");
        JsonNode read = ask("{\"type\": \"read\", \"mbean\": \"org.apache.camel:type=routes,*\","
                        + " \"attribute\": [\"ExchangesTotal\", \"State\"]}")
                .json();
        assertThat(read.path("value").findValuesAsText("State")).contains("Started");
        JsonNode xml = ask("{\"type\": \"exec\", \"mbean\": \"" + contextName()
                        + "\", \"operation\": \"dumpRoutesAsXml()\"}")
                .json();
        assertThat(xml.path("value").asText())
                .contains("<step id=\"first@")
                .contains("uri=\"kamelet:smtp\"")
                .doesNotContain(CANARY);
        assertThat(ask("[{\"type\": \"version\"}, {\"type\": \"list\"}]").json().toString())
                .contains("org.apache.camel")
                .doesNotContain("HotSpotDiagnostic");
    }

    /** What was done to a heap, a log and a route through other consoles. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'exec','mbean':'com.sun.management:type=HotSpotDiagnostic','operation':'dumpHeap(java.lang.String,boolean)','arguments':['DUMP',true]}",
                "{'type':'exec','mbean':'com.sun.management:type=DiagnosticCommand','operation':'jvmtiAgentLoad([Ljava.lang.String;)','arguments':[['/tmp/x.so']]}",
                "{'type':'exec','mbean':'com.sun.management:type=DiagnosticCommand','operation':'compilerDirectivesAdd','arguments':['x']}",
                "{'type':'read','mbean':'com.sun.management:type=HotSpotDiagnostic'}",
                "{'type':'write','mbean':'java.lang:type=Memory','attribute':'Verbose','value':true}",
                "{'type':'exec','mbean':'java.lang:type=Memory','operation':'gc()'}",
                "{'type':'exec','mbean':'CONTEXT','operation':'stop()'}",
                "{'type':'exec','mbean':'CONTEXT','operation':'sendBody(java.lang.String,java.lang.Object)','arguments':['direct:a','x']}",
                "{'type':'exec','mbean':'CONTEXT','operation':'addOrUpdateRoutesFromXml','arguments':['<routes/>']}",
                "{'type':'exec','mbean':'CONTEXT','operation':'dumpRoutesAsXml(boolean)','arguments':[true]}",
                "{'type':'exec','mbean':'org.apache.camel:type=routes,*','operation':'remove()'}",
                "{'type':'exec','mbean':'org.apache.camel:type=routes,*','operation':'updateRouteFromXml'}",
                "{'type':'exec','mbean':'java.util.logging:type=Logging','operation':'setLoggerLevel','arguments':['','ALL']}",
                "{'type':'exec','mbean':'ch.qos.logback.classic:Name=default,Type=x','operation':'reloadByURL'}",
                "{'type':'read','mbean':'jolokia:type=Config','attribute':'Debug'}",
                "{'type':'read','mbean':'*:*'}",
                "{'type':'config','action':'debug'}",
                "{'type':'notification','command':'register'}",
                "{'type':'read','mbean':'java.lang:type=Memory','target':{'url':'service:jmx:rmi:///jndi/rmi://127.0.0.1:1/x'}}",
                "{'type':'version','proxy':{'url':'x'}}",
                "[{'type':'version'},{'type':'exec','mbean':'java.lang:type=Memory','operation':'gc()'}]"
            })
    void S8_whateverIsNotLookingIsRefused(String request) throws Exception {
        Path dump = directory.resolve("dump.hprof");
        Answer answer =
                ask(request.replace('\'', '"').replace("DUMP", dump.toString()).replace("CONTEXT", contextName()));
        assertThat(answer.status()).as(answer.body()).isEqualTo(403);
        assertThat(dump).doesNotExist();
        assertThat(ManagementFactory.getMemoryMXBean().isVerbose()).isFalse();
        assertThat(application.runtime().context().isStarted()).isTrue();
        assertThat(application.runtime().context().getRoutes()).isNotEmpty();
    }

    @Test
    void S8_otherMethodsThanPostAreRefused() throws IOException {
        for (String line : List.of(
                "GET /hawtio/jolokia",
                "GET /hawtio/jolokia/version",
                "GET /hawtio/jolokia/read/java.lang:type=Memory",
                "GET /hawtio/jolokia/exec/java.lang:type=Memory/gc",
                "HEAD /hawtio/jolokia",
                "PUT /hawtio/jolokia",
                "OPTIONS /hawtio/jolokia",
                "POST /hawtio/jolokia/exec/java.lang:type=Memory/gc",
                "GET /hawtio/proxy/http/127.0.0.1/1/jolokia",
                "POST /hawtio/proxy/http/127.0.0.1/1/jolokia")) {
            assertThat(send(line, "", KEY).status()).as(line).isIn(403, 405);
        }
        // Hawtio's pages take any other answer for a server without Jolokia.
        assertThat(send("GET /hawtio/jolokia", "", KEY).status()).isEqualTo(403);
    }

    @Test
    void S8_pagesOfOtherSitesAreRefused() throws IOException {
        String version = "{\"type\": \"version\"}";
        for (String header : List.of(
                "Origin: http://evil.example",
                "Origin: http://localhost:1",
                "Origin: null",
                "Origin: http://localhost:" + application.port() + ".evil.example",
                "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: same-site")) {
            assertThat(send("POST /hawtio/jolokia", version, KEY, header).status())
                    .as(header)
                    .isEqualTo(403);
        }
        String own = "Origin: http://localhost:" + application.port();
        assertThat(send("POST /hawtio/jolokia", version, KEY, own).status()).isEqualTo(200);
        assertThat(send("POST /hawtio/jolokia", version, own).status()).isEqualTo(401);
        assertThat(send("GET /hawtio/", "").status()).isEqualTo(401);
        for (String line : List.of("GET /hawtio", "GET /hawtio/", "GET /hawtio/user", "POST /hawtio/jolokia")) {
            assertThat(send(line, version, "X-Api-Key: peer-key").status())
                    .as(line)
                    .isEqualTo(403);
        }
    }

    @Test
    void S15_secretsOfTheProcessAreNotShown() throws IOException {
        for (String request : List.of(
                "{\"type\": \"read\", \"mbean\": \"java.lang:type=Runtime\"}",
                "{\"type\": \"read\", \"mbean\": \"java.lang:type=Runtime\", \"attribute\": \"SystemProperties\"}",
                "{\"type\": \"read\", \"mbean\": \"java.lang:*\"}",
                "{\"type\": \"read\", \"mbean\": \"org.apache.camel:*\"}")) {
            Answer answer = ask(request);
            assertThat(answer.body()).as(request).doesNotContain(CANARY).doesNotContain("\"stacktrace\"");
        }
        assertThat(ask("{\"type\": \"read\", \"mbean\": \"java.lang:type=Runtime\"}")
                        .json()
                        .at("/value/VmName")
                        .asText())
                .isNotEmpty();
    }

    @Test
    void S15_ofAddressesOnlyTheHostIsShown() {
        assertThat(RouteOutline.endpoint("https://user:pass@hooks.example/T0/secret?x=y"))
                .isEqualTo("https://hooks.example/…");
        assertThat(RouteOutline.endpoint("kamelet:call?service=people&path=/x")).isEqualTo("kamelet:call");
        assertThat(RouteOutline.of("<routes><to uri=\"a:b?c=d\" note=\"x\">text</to></routes>"))
                .isEqualTo("<routes><to uri=\"a:b\"></to></routes>");
        assertThat(RouteOutline.of("<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/hostname\">]><a>&b;</a>"))
                .doesNotContain("\n");
    }

    @Test
    void whatIsNoRequestIsABadOne() throws IOException {
        for (String request : List.of("", "x", "1", "[1]", "{\"type\": \"read\", \"mbean\": \"x\"}", "{} {}")) {
            assertThat(ask(request).status()).as(request).isIn(400, 403);
        }
    }

    @Test
    void itIsOffWhereNobodyAsksForIt(@TempDir Path elsewhere) throws Exception {
        try (Application other = start(elsewhere, Map.of())) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), other.port())) {
                socket.getOutputStream()
                        .write("GET /hawtio/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                                .getBytes(StandardCharsets.UTF_8));
                assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                        .startsWith("HTTP/1.1 404 ");
            }
        }
        assertThatThrownBy(() -> HawtioResources.of(elsewhere))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("./mvnw package");
    }
}
