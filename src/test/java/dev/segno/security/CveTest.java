package dev.segno.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.segno.api.TestServer;
import dev.segno.camel.yaml.CheckSettings;
import dev.segno.camel.yaml.CheckedRouteFile;
import dev.segno.camel.yaml.RouteFileChecker;
import dev.segno.control.Settings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The advisories that the versions in use are named in: one test each, which stays until the version has moved on. What they
 * assert in short is proven at length by the tests of the rows that {@code src/main/vex/segno.vex.json} names.
 */
class CveTest {

    private static final Path VEX = Path.of("src/main/vex/segno.vex.json");
    private static final AtomicInteger CANARY = new AtomicInteger();
    private static HttpServer canary;
    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        canary = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        canary.createContext("/", exchange -> {
            CANARY.incrementAndGet();
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        canary.start();
        server = TestServer.start(
                Map.of("SEGNO_API_KEYS", "ops=key-one"),
                List.of(),
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("platform-http:/names?matchOnUriPrefix=true")
                                .process(exchange -> exchange.getMessage()
                                        .setBody(String.join(
                                                ",",
                                                exchange.getMessage()
                                                        .getHeaders()
                                                        .keySet())));
                    }
                },
                router -> {});
    }

    @AfterAll
    static void stop() {
        server.close();
        canary.stop(0);
    }

    private static String ask(String target, String... headers) throws Exception {
        return server.raw("GET " + target + " HTTP/1.1\nHost: localhost\nX-Api-Key: key-one\nConnection: close\n"
                        + Arrays.stream(headers).map(header -> header + "\n").collect(Collectors.joining())
                        + "\n")
                .toLowerCase(Locale.ROOT);
    }

    private static boolean isThere(String className) {
        try {
            Class.forName(className, false, CveTest.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    @Test
    void CVE_2026_40022_noPathIsBehindTheAuthentication() throws Exception {
        assertThat(isThere("org.apache.camel.component.platform.http.main.MainHttpServer"))
                .isFalse();
        for (String path : List.of("/", "/names", "/names/below", "/names/", "/other", "/api", "/%6eames")) {
            assertThat(server.get(path).statusCode()).as(path).isEqualTo(401);
        }
    }

    @Test
    void CVE_2026_66908_tokensWithoutIssuerAndAudienceAreNotTaken() {
        assertThat(isThere("org.apache.camel.component.platform.http.main.MainHttpServer"))
                .isFalse();
        for (String missing : List.of("SEGNO_OIDC_AUDIENCE", "SEGNO_OIDC_ROLES")) {
            Map<String, String> settings = new HashMap<>(Map.of(
                    "SEGNO_OIDC_ISSUER", "https://login.example.com",
                    "SEGNO_OIDC_AUDIENCE", "segno",
                    "SEGNO_OIDC_ROLES", "a=viewer"));
            settings.remove(missing);
            assertThatThrownBy(() -> NodeCredentials.from(Settings.of(settings)))
                    .hasMessageContaining(missing);
        }
    }

    @Test
    void CVE_2026_78164_theAddressOfACallDoesNotComeFromACaller() throws Exception {
        assertThat(ask("/names?CamelHttpUri=http://a/{{env:HOME}}", "CamelHttpUri: http://a/{{env:HOME}}", "Seen: 1"))
                .startsWith("http/1.1 200 ")
                .contains("seen")
                .doesNotContain("camelhttpuri");
    }

    @Test
    void CVE_2026_85251_credentialsAreNotSentOnToWhereARedirectLeads() throws Exception {
        assertThat(isThere("org.apache.camel.component.http.HttpComponent")).isFalse();
        assertThat(ask("/names", "Authorization: Bearer key-one", "Cookie: a=b", "Seen: 1"))
                .contains("seen")
                .doesNotContain("authorization", "cookie", "x-api-key");
    }

    @Test
    void CVE_2026_85312_aSagaIsNotJoinedByAHeader() throws Exception {
        assertThat(ask("/names?Long-Running-Action=b", "Long-Running-Action: a", "LONG-running-ACTION: a", "Seen: 1"))
                .contains("seen")
                .doesNotContain("long-running-action");
    }

    @Test
    void CVE_2026_85316_aRouteIsNoProxy() throws Exception {
        int port = canary.getAddress().getPort();
        assertThat(ask("http://127.0.0.1:" + port + "/names")).startsWith("http/1.1 400 ");
        assertThat(CANARY).hasValue(0);
    }

    @Test
    void CVE_2026_84176_noOriginIsReflected() throws Exception {
        assertThat(ask("/names", "Origin: https://evil.example"))
                .startsWith("http/1.1 200 ")
                .doesNotContain("access-control-");
    }

    @Test
    void CVE_2026_40859_noRouteReadsExceptionsThatAPeerSerialized() {
        CheckedRouteFile checked = RouteFileChecker.check("a/a.camel.yaml", """
            - route:
                id: a
                from:
                  uri: platform-http:/a
                  steps: [{to: "vertx-http:http://127.0.0.1:1/?transferException=true"}]
            """, CheckSettings.DEFAULT);
        assertThat(checked.problems()).anySatisfy(problem -> {
            assertThat(problem.isError()).isTrue();
            assertThat(problem.toString()).contains("'transferException' lets serialized objects of Java in");
        });
    }

    @Test
    void
            CVE_2026_40858_CVE_2026_43865_CVE_2024_22369_CVE_2024_23114_CVE_2026_25747_noRepositoryReadsSerializedObjects() {
        for (String component : List.of(
                "infinispan.remote.InfinispanRemoteAggregationRepository",
                "hazelcast.HazelcastComponent",
                "sql.SqlComponent",
                "cassandra.CassandraComponent",
                "leveldb.LevelDBAggregationRepository")) {
            assertThat(isThere("org.apache.camel.component." + component))
                    .as(component)
                    .isFalse();
        }
        assertThat(isThere("org.apache.camel.processor.aggregate.jdbc.JdbcAggregationRepository"))
                .isFalse();
    }

    @Test
    void S23_eachAdvisoryOfTheVexFileHasATestAndEachTestIsListed() throws Exception {
        Set<String> listed = new TreeSet<>();
        for (JsonNode advisory : new ObjectMapper().readTree(VEX.toFile()).path("vulnerabilities")) {
            listed.add(advisory.path("id").asText());
            assertThat(advisory.path("analysis").path("detail").asText()).isNotBlank();
        }
        Set<String> tested = Arrays.stream(CveTest.class.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(Test.class))
                .flatMap(method -> Pattern.compile("CVE_(\\d{4})_(\\d{4,7})")
                        .matcher(method.getName())
                        .results())
                .map(found -> "CVE-" + found.group(1) + "-" + found.group(2))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(listed).hasSizeGreaterThan(10).isEqualTo(tested);
    }

    @Test
    void S23_versionsArePinnedAndTheVexFileLiesBesideTheBill() throws Exception {
        String pom = Files.readString(Path.of("pom.xml"));
        assertThat(pom).contains("<artifactId>cyclonedx-maven-plugin</artifactId>", "segno.vex.json");
        assertThat(Pattern.compile("<(?:version|[a-z.-]+\\.version)>[^<]*(?:SNAPSHOT|LATEST|RELEASE|[\\[(,])[^<]*</")
                        .matcher(pom.replaceFirst("<version>[^<]*</version>", "")
                                .replaceAll("(?s)<requireJavaVersion>.*?</requireJavaVersion>", ""))
                        .find())
                .isFalse();
    }
}
