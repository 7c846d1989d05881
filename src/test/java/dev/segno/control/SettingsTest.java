package dev.segno.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

    @TempDir
    private Path directory;

    private Settings load(String yaml, Map<String, String> environment) throws IOException {
        Path file = Files.writeString(directory.resolve("app.yaml"), yaml);
        return Settings.load(environment, file, Map.of("segno.http.port", "8080"));
    }

    @Test
    void environmentBeforeFileBeforeDefaults() throws IOException {
        assertThat(load("", Map.of()).find("segno.http.port")).contains("8080");
        assertThat(load("segno: {http: {port: 1}}", Map.of()).find("segno.http.port"))
                .contains("1");
        assertThat(load("segno: {http: {port: 1}}", Map.of("SEGNO_HTTP_PORT", "2"))
                        .find("segno.http.port"))
                .contains("2");
    }

    @Test
    void bothFormsOfANameAreOneSetting() throws IOException {
        Settings settings = load("ADMIN_KEY: k\nsegno:\n  http:\n    idle-timeout: 5s", Map.of());
        assertThat(settings.find("admin.key")).contains("k");
        assertThat(settings.find("SEGNO_HTTP_IDLE_TIMEOUT")).contains("5s");
    }

    @Test
    void blankCountsAsNotSet() throws IOException {
        assertThat(load("a: x\nb: ''", Map.of("A", " ")).find("a")).contains("x");
        assertThat(load("a: x\nb: ''", Map.of()).find("b")).isEmpty();
    }

    @Test
    void theSectionOfThisServiceCountsBeforeTheRootOfTheFile() throws IOException {
        String yaml = """
            REPORTING_URL: http://root:1
            NOTIFICATION_URL: http://root:2
            redis: {host: r}
            orchestrator:
              REPORTING_URL: http://section:1
              NOTIFICATION_URL: ''
              ORCHESTRATOR_PEERS: http://peer:1
            """;

        Settings settings = load(yaml, Map.of());

        assertThat(settings.find("REPORTING_URL")).contains("http://section:1");
        assertThat(settings.find("NOTIFICATION_URL")).contains("http://root:2");
        assertThat(settings.find("ORCHESTRATOR_PEERS")).contains("http://peer:1");
        assertThat(settings.find("REDIS_HOST")).contains("r");
        assertThat(load(yaml, Map.of("REPORTING_URL", "http://env:1")).find("REPORTING_URL"))
                .contains("http://env:1");
        assertThat(load(yaml, Map.of("REPORTING_URL", " ")).find("REPORTING_URL"))
                .contains("http://section:1");
    }

    @Test
    void defaultsOfAPackageHoldWhereNothingElseDoes() throws IOException {
        Settings settings = load("a.url: http://file", Map.of("B_URL", "http://env"))
                .over(Map.of("A_URL", "http://d:1", "B_URL", "http://d:2", "C_URL", "http://d:3"));

        assertThat(settings.find("a.url")).contains("http://file");
        assertThat(settings.find("B_URL")).contains("http://env");
        assertThat(settings.find("c.url")).contains("http://d:3");
        assertThat(settings.known().get("C_URL")).isEqualTo(new Settings.Known("http://d:3", "default"));
        assertThat(settings.known().get("B_URL")).isEqualTo(new Settings.Known("http://env", "env"));
    }

    @Test
    void aSecretFromAFileIsKnownAsOne() throws IOException {
        Path file = Files.writeString(directory.resolve("token"), "s3cr3t");

        assertThat(load("", Map.of("NOTIFY_TOKEN_FILE", file.toString()))
                        .known()
                        .get("NOTIFY_TOKEN"))
                .isEqualTo(new Settings.Known("s3cr3t", "secret"));
    }

    @Test
    void referencesAreResolvedInTheFileOnly() throws IOException {
        Settings settings = load(
                "url: http://${host}:${port:3001}/${path}\npath: ${name}\nname: sync",
                Map.of("HOST", "a.example", "RAW", "${name}"));
        assertThat(settings.find("url")).contains("http://a.example:3001/sync");
        assertThat(settings.find("raw")).contains("${name}");
    }

    @Test
    void referenceToNothingIsRefused() {
        assertThatThrownBy(() -> load("url: ${no.where}", Map.of()))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("${no.where} refers to a setting that is not set");
    }

    @Test
    void referenceInACircleIsRefused() {
        assertThatThrownBy(() -> load("a: ${b}\nb: ${a}", Map.of()))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("refers to itself");
    }

    @Test
    void listsAreJoined() throws IOException {
        assertThat(load("list: [a, 2, true]", Map.of()).find("list")).contains("a,2,true");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a: [", "a: 1\na: 2", "- 1", "segno: {x: [[1]]}", "a.b: 1\na: {b: 2}", "a: !!java.io.File x"})
    void unusableFileIsNamedInOneLine(String yaml) {
        assertThatThrownBy(() -> load(yaml, Map.of()))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("app.yaml")
                .hasMessageNotContaining("\n");
    }

    @Test
    void missingFileIsNamed() {
        assertThatThrownBy(() -> Settings.load(Map.of(), directory.resolve("none.yaml"), Map.of()))
                .isInstanceOf(SettingsException.class)
                .hasMessageEndingWith("none.yaml: no such file");
    }

    @ParameterizedTest
    @CsvSource({"200,200", "200ms,200", "30s,30000", "5m,300000", "24h,86400000", "7d,604800000"})
    void durations(String text, long millis) {
        assertThat(Settings.of(Map.of("t", text)).duration("t", Duration.ZERO)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1.5s", "5 weeks", "s", "999999999999999d"})
    void otherDurationsAreRefused(String text) {
        assertThatThrownBy(() -> Settings.of(Map.of("t", text)).duration("t", Duration.ZERO))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("setting t ");
    }

    @Test
    void numbersAndSwitchesHaveRanges() {
        Settings settings = Settings.of(Map.of("n", "7", "bad", "x", "on", "TRUE"));
        assertThat(settings.integer("n", 1, 0, 10)).isEqualTo(7);
        assertThat(settings.integer("unset", 3, 0, 10)).isEqualTo(3);
        assertThat(settings.flag("on", false)).isTrue();
        assertThatThrownBy(() -> settings.integer("n", 1, 0, 6))
                .hasMessage("setting n must be a whole number from 0 to 6, not \"7\"");
        assertThatThrownBy(() -> settings.integer("bad", 1, 0, 6)).isInstanceOf(SettingsException.class);
        assertThatThrownBy(() -> settings.flag("bad", true)).isInstanceOf(SettingsException.class);
    }
}
