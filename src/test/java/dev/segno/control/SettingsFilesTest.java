package dev.segno.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsFilesTest {

    @TempDir
    private Path directory;

    private Path usual;

    @BeforeEach
    void write() throws IOException {
        usual = Files.writeString(directory.resolve("app.yaml"), "word: base\nother: base\nref: ${other}");
        Files.writeString(directory.resolve("app-production.yaml"), "word: production\nother: ${tail:late}");
    }

    private Settings load(Map<String, String> environment, @Nullable Path chosen) {
        return SettingsFiles.load(environment, chosen, usual);
    }

    @Test
    void theEnvironmentComesBeforeTheProfileBeforeTheFile() {
        assertThat(load(Map.of(), null).get("word", "")).isEqualTo("base");
        assertThat(load(Map.of("SEGNO_PROFILE", "production"), null).get("word", ""))
                .isEqualTo("production");
        assertThat(load(Map.of("ENVIRONMENT", "production", "WORD", "mine"), null)
                        .get("word", ""))
                .isEqualTo("mine");
        assertThat(load(Map.of("SEGNO_PROFILE", "staging", "ENVIRONMENT", "production"), null)
                        .get("word", ""))
                .isEqualTo("base");
    }

    @Test
    void aReferenceLeadsToWhatCounts() {
        assertThat(load(Map.of("SEGNO_PROFILE", "production"), null).get("ref", ""))
                .isEqualTo("late");
    }

    @Test
    void anotherProgramsWordChoosesNothingAndOursMustBeKnown() {
        assertThat(load(Map.of("ENVIRONMENT", "ci"), null).get("word", "")).isEqualTo("base");
        assertThatThrownBy(() -> load(Map.of("SEGNO_PROFILE", "prod"), null))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("development, staging, production")
                .hasMessageContaining("\"prod\"");
    }

    @Test
    void aFileThatIsNamedMustBeThere() throws IOException {
        Path mine = Files.writeString(directory.resolve("mine.yaml"), "word: mine");
        Files.writeString(directory.resolve("mine-production.yaml"), "other: mine");
        assertThat(load(Map.of("APP_CONFIG_PATH", mine.toString()), null).get("word", ""))
                .isEqualTo("mine");
        assertThat(load(Map.of("SEGNO_PROFILE", "production"), mine).get("other", ""))
                .isEqualTo("mine");
        assertThatThrownBy(() -> load(Map.of("APP_CONFIG_PATH", directory + "/none.yaml"), null))
                .hasMessageContaining("none.yaml: there is no such file");
        Files.delete(usual);
        assertThat(load(Map.of(), null).find("word")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"development", "staging", "production"})
    void theFilesThatComeWithTheProgramCanBeRead(String profile) {
        Settings shipped = SettingsFiles.load(Map.of("SEGNO_PROFILE", profile), null, Path.of("config/app.yaml"));
        for (Setting<?> setting : SettingsCatalog.all()) {
            assertThat(shipped.find(setting)).as(setting.name()).isNotNull();
        }
        assertThat(((LayeredSettings) shipped).names()).noneMatch(SettingsCatalog::isUnknown);
        assertThat(Path.of("config/app-" + profile + ".yaml")).exists();
    }
}
