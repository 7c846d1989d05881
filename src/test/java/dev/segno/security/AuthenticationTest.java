package dev.segno.security;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segno.api.TestServer;
import dev.segno.control.Settings;
import dev.segno.control.SettingsException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticationTest {

    private static TestServer server(Map<String, String> settings) throws Exception {
        return TestServer.start(
                settings,
                List.of(),
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("platform-http:/route").setBody(simple("${header.Segno-Caller}"));
                    }
                },
                router -> router.get("/api/who").handler(ctx -> ctx.end(String.valueOf(Caller.of(ctx)))));
    }

    @Test
    void withKeysEverythingButHealthNeedsOne() throws Exception {
        try (TestServer server = server(Map.of("SEGNO_API_KEYS", "ci=key-one, console=key-two"))) {
            for (String path : List.of(
                    "/api/who",
                    "/route",
                    "/nowhere",
                    "/",
                    "/health/",
                    "/health;x",
                    "/%68ealth/..;/api/who",
                    "/healthz/x")) {
                HttpResponse<String> answer = server.get(path);
                assertThat(answer.statusCode()).as(path).isEqualTo(401);
                assertThatJson(answer.body()).node("error.code").isEqualTo("unauthorized");
                assertThat(answer.headers().firstValue("WWW-Authenticate")).isPresent();
            }
            assertThat(server.get("/health").statusCode()).isEqualTo(200);
            assertThat(server.get("/route", "X-Api-Key", "key-one").body()).isEqualTo("ci");
            assertThat(server.get("/route", "Authorization", "bearer key-two").body())
                    .isEqualTo("console");
            assertThat(server.get("/nowhere", "X-Api-Key", "key-one").statusCode())
                    .isEqualTo(404);
            for (String wrong : List.of("key-on", "key-one ,", "KEY-ONE", "ci=key-one", "", "*")) {
                assertThat(server.get("/route", "X-Api-Key", wrong).statusCode())
                        .isEqualTo(401);
            }
            assertThat(server.get("/route", "Authorization", "Basic key-one").statusCode())
                    .isEqualTo(401);
            assertThat(server.get("/route?X-Api-Key=key-one").statusCode()).isEqualTo(401);
        }
    }

    @Test
    void withoutKeysTheServerAnswersItsOwnMachineOnly() throws Exception {
        try (TestServer server = server(Map.of())) {
            assertThat(server.get("/api/who").statusCode()).isEqualTo(200);
            String get = "GET /api/who HTTP/1.1\nConnection: close\n";
            assertThat(server.raw(get + "Host: localhost:1\n\n")).startsWith("HTTP/1.1 200 ");
            assertThat(server.raw(get + "Host: [::1]:1\n\n")).startsWith("HTTP/1.1 200 ");
            assertThat(server.raw(get + "Host: localhost:1\nOrigin: http://localhost:1\n\n"))
                    .startsWith("HTTP/1.1 200 ");
            for (String foreign : List.of(
                    "Host: evil.example\n",
                    "Host: 127.0.0.1.evil.example\n",
                    "Host: localhost\nOrigin: http://evil.example\n",
                    "Host: localhost\nOrigin: null\n",
                    "Host: localhost:1\nOrigin: http://localhost:2\n")) {
                assertThat(server.raw(get + foreign + "\n")).startsWith("HTTP/1.1 403 ");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "::1", "127.9.9.9"})
    void loopbackNeedsNoKeys(String host) {
        assertThat(StartupRule.check(host, Settings.of(Map.of()), false)).isEqualTo(Authentication.Openness.LOOPBACK);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.7"})
    void otherAddressesNeedKeysOrCourage(String host) {
        assertThatThrownBy(() -> StartupRule.check(host, Settings.of(Map.of()), false))
                .isInstanceOf(SettingsException.class)
                .hasMessage("refusing to listen on " + host
                        + " without API keys: set SEGNO_API_KEYS=name=key, or listen on 127.0.0.1, or pass --insecure");
        assertThat(StartupRule.check(host, Settings.of(Map.of()), true)).isEqualTo(Authentication.Openness.EVERYBODY);
        assertThat(StartupRule.check(host, Settings.of(Map.of("SEGNO_API_KEYS", "a=b")), false))
                .isEqualTo(Authentication.Openness.LOOPBACK);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"k;k;default", "a=x,b=y;y;b", "a=x, plain;plain;default-2", "c2VjcmV0==;c2VjcmV0==;default"})
    void packageKeysMayGoWithoutNames(String setting, String key, String name) {
        assertThat(NamedKeys.parseLenient("S", setting).nameOf(key)).contains(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"k", "a=", "=k", "a=1,a=2", "a=1,,b=2", "a b=1"})
    void globalKeysMustHaveNames(String setting) {
        assertThatThrownBy(() -> NamedKeys.parse("SEGNO_API_KEYS", setting))
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith("setting SEGNO_API_KEYS: ");
    }

    @Test
    void editorsHaveKeysOfTheirOwn() throws Exception {
        try (TestServer server = server(Map.of("SEGNO_EDITOR_KEYS", "ed=key-three"))) {
            assertThat(server.get("/api/who").statusCode()).isEqualTo(401);
            assertThat(server.get("/api/who", "X-Api-Key", "key-three").body()).contains("name=ed", "role=EDITOR");
        }
        try (TestServer server = server(Map.of("SEGNO_API_KEYS", "ci=key-one", "SEGNO_EDITOR_KEYS", "ed=key-three"))) {
            assertThat(server.get("/api/who", "X-Api-Key", "key-one").body()).contains("name=ci", "role=OPERATOR");
            assertThat(server.get("/api/who", "X-Api-Key", "key-three").body()).contains("name=ed", "role=EDITOR");
        }
        for (String editors : List.of("ci=key-three", "ed=key-one")) {
            assertThatThrownBy(() -> GlobalKeys.from(
                            Settings.of(Map.of("SEGNO_API_KEYS", "ci=key-one", "SEGNO_EDITOR_KEYS", editors))))
                    .isInstanceOf(SettingsException.class)
                    .hasMessageStartingWith("setting SEGNO_EDITOR_KEYS: ")
                    .hasMessageNotContaining("key-one");
        }
    }

    @Test
    void keysAreNotPrinted() {
        assertThat(NamedKeys.parse("S", "a=secret")).hasToString("NamedKeys[1]");
    }
}
