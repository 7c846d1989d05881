package dev.segno.camel.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteFileTest {

    @Test
    void describesOrchestrationsAndTheirOptions() {
        RouteFile file = read("product-sync/sync.camel.yaml", """
                - route:
                    id: sync-route
                    from:
                      uri: orchestration:product-sync?onFailure=park&durability=strict
                      parameters:
                        singleton: true
                        durability: relaxed
                      steps:
                        - log: x
                - from:
                    uri: direct:part
                    steps:
                      - log: x
                - route:
                    id: nightly
                    from:
                      uri: quartz
                      parameters: {cron: "0 0 2 * * ?"}
                      steps:
                        - to: orchestration:product-sync
                - routeConfiguration:
                    id: durable
                - routeConfiguration: {}
                """);

        assertThat(file.packageName()).isEqualTo("product-sync");
        assertThat(file.name()).isEqualTo("sync");
        assertThat(file.orchestrations()).singleElement().satisfies(route -> {
            assertThat(route.id()).isEqualTo("sync-route");
            assertThat(route.name()).isEqualTo("product-sync");
            assertThat(route.uri().options())
                    .containsEntry("onFailure", "park")
                    .containsEntry("singleton", "true")
                    .containsEntry("durability", "relaxed");
            assertThat(route.at().line()).isEqualTo(1);
            assertThat(Objects.requireNonNull(route.steps()).items()).hasSize(1);
        });
        assertThat(file.directRoutes()).singleElement().satisfies(route -> {
            assertThat(route.id()).isNull();
            assertThat(route.name()).isEqualTo("part");
        });
        assertThat(file.triggers())
                .singleElement()
                .satisfies(route -> assertThat(route.uri().scheme()).isEqualTo("quartz"));
        assertThat(file.routeConfigurations())
                .extracting(RouteFile.FoundConfiguration::id)
                .containsExactly("durable", null);
    }

    @Test
    void listsPlaceholdersWithTheirDefaults() {
        RouteFile file = read("a/b.camel.yaml", """
                - route:
                    id: a
                    autoStartup: "{{ON:true}}"
                    from:
                      uri: timer:x?period={{PERIOD:{{SHARED_PERIOD:1000}}}}
                      steps:
                        - setBody:
                            constant: "{{?MAYBE}} {{A}}{{B:}} {{env:HOME:x}} '{{'quoted'}}' \\\\{{escaped\\\\}}"
                """);

        assertThat(file.placeholders())
                .extracting(Placeholder::function, Placeholder::name, Placeholder::defaultValue, Placeholder::optional)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("", "ON", "true", false),
                        org.assertj.core.groups.Tuple.tuple("", "SHARED_PERIOD", "1000", false),
                        org.assertj.core.groups.Tuple.tuple("", "PERIOD", "{{SHARED_PERIOD:1000}}", false),
                        org.assertj.core.groups.Tuple.tuple("", "MAYBE", null, true),
                        org.assertj.core.groups.Tuple.tuple("", "A", null, false),
                        org.assertj.core.groups.Tuple.tuple("", "B", "", false),
                        org.assertj.core.groups.Tuple.tuple("env", "HOME", "x", false));
        assertThat(file.placeholders().get(0).at().line()).isEqualTo(3);
    }

    @Test
    void leavesAKameletsOwnParametersOut() throws Exception {
        RouteFile file = read(
                "kamelets/call.kamelet.yaml",
                java.nio.file.Files.readString(RouteCorpusTest.root("good").resolve("kamelets/call.kamelet.yaml")));

        assertThat(file.kind()).isEqualTo(RouteFile.Kind.KAMELET);
        assertThat(file.placeholders()).extracting(Placeholder::name).containsExactly("CONNECT_MS");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "direct:x|direct|x",
                "direct://x|direct|x",
                "log|log|''",
                "log?level=INFO|log|''",
                "file:/etc/passwd|file|/etc/passwd",
                "file:///etc/passwd|file|/etc/passwd",
                "https:example.com:8443/a?b=c:d|https|example.com:8443/a",
                "'{{URL:https://a?b=c}}/run?x=1'|{{URL:https://a?b=c}}/run|''",
                "https:${header.host:x}/a?b=1|https|${header.host:x}/a"
            })
    void takesUrisApart(String text, String scheme, String path) {
        CamelUri uri = CamelUri.of(text);

        assertThat(uri.scheme()).isEqualTo(scheme);
        assertThat(uri.path()).isEqualTo(path);
    }

    @Test
    void keepsRawOptionsWhole() {
        assertThat(CamelUri.of("https:a?password=RAW(a&b=c)&x=1").options())
                .containsEntry("password", "RAW(a&b=c)")
                .containsEntry("x", "1");
    }

    private static RouteFile read(String path, String text) {
        return Objects.requireNonNull(
                RouteFileChecker.check(path, text, CheckSettings.DEFAULT).file());
    }
}
