package dev.segno.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each setting is declared once, and {@code docs/settings.md} says what is declared. */
class SettingsCatalogTest {

    private static final Path DOCUMENT = Path.of("docs/settings.md");

    /** What asks for settings, by name: in Java, in the launcher and the log configuration, in routes and their documents. */
    private static final List<Pattern> ASKED = List.of(
            Pattern.compile(
                    "(?:find|get|require|integer|flag|duration|apply|SETTING\\w* =)\\s*\\(?\\s*\"(segno\\.[a-z0-9.-]+)\""),
            Pattern.compile("\"(SEGNO_[A-Z0-9_]+)\""),
            Pattern.compile("\\$\\{(SEGNO_[A-Z0-9_]+)"),
            Pattern.compile("\\{\\{\\??(segno\\.[a-z0-9.-]+|SEGNO_[A-Z0-9_]+)[:}]"));

    @Test
    void theCodeAsksOnlyForWhatIsDeclared() throws IOException {
        TreeSet<String> undeclared = new TreeSet<>();
        for (Path root : List.of(Path.of("src/main"), Path.of("routes"), Path.of("segno"))) {
            try (Stream<Path> files = Files.walk(root)) {
                files.filter(Files::isRegularFile)
                        .filter(file -> file.toString().matches(".*(segno|\\.java|\\.yaml|\\.xml)"))
                        .filter(file -> !file.endsWith("SettingsCatalog.java"))
                        .forEach(file -> asked(file)
                                .filter(name -> !name.endsWith(".") && SettingsCatalog.isUnknown(name))
                                .forEach(name -> undeclared.add(file + " asks for " + name)));
            }
        }
        assertThat(undeclared)
                .as("declare these in SettingsCatalog, then run this test with -Dsegno.docs.write=true")
                .isEmpty();
    }

    private static Stream<String> asked(Path file) {
        try {
            String text = Files.readString(file);
            return ASKED.stream()
                    .flatMap(pattern -> pattern.matcher(text).results().map(found -> found.group(1)))
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theDocumentSaysWhatIsDeclared() throws IOException {
        String document = document();
        if (Boolean.getBoolean("segno.docs.write")) {
            Files.writeString(DOCUMENT, document);
        }
        assertThat(DOCUMENT)
                .as("write it anew: ./mvnw test -Dtest=SettingsCatalogTest -Dsegno.docs.write=true")
                .hasContent(document);
    }

    private static String document() {
        StringBuilder out = new StringBuilder("""
                # Settings

                Written from `SettingsCatalog`, the one place where they are declared:
                `./mvnw test -Dtest=SettingsCatalogTest -Dsegno.docs.write=true`.

                A setting is looked for in the environment, then in `config/app-<profile>.yaml`, then in `config/app.yaml`; then its
                default holds. In the files `segno.http.max-body` is a key in nested mappings or one with dots; in the environment it
                is `SEGNO_HTTP_MAX_BODY`. `${name}` and `${name:default}` in a file stand for other settings. A length of time is
                `200` or `200ms`, `30s`, `5m`, `24h`, `7d`. What cannot be used is refused at the start, with its name and its range;
                a name of ours that is not here is told in the log.

                The profile is `SEGNO_PROFILE`, else `ENVIRONMENT`: development (the default), staging or production.

                | setting | environment | default | values | meaning |
                |---|---|---|---|---|
                """);
        for (Setting<?> setting : SettingsCatalog.all()) {
            String name = setting.name().equals(setting.environmentName()) ? "" : '`' + setting.name() + '`';
            out.append("| %s | `%s` | %s | %s | %s%s |%n"
                    .formatted(
                            name,
                            setting.environmentName(),
                            setting.shown(),
                            setting.range(),
                            setting.meaning(),
                            setting.secret() ? " Secret." : ""));
        }
        out.append("\nNames that are not fixed:\n\n");
        SettingsCatalog.FAMILIES.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(family -> out.append("- `%s…`: %s%n".formatted(family.getKey(), family.getValue())));
        out.append("\nSettings of a route package stand in its own document, as in [Product sync](product-sync.md).\n");
        return out.toString();
    }

    @Test
    void everyDefaultIsGood() {
        Settings nothing = Settings.of(Map.of());
        for (Setting<?> setting : SettingsCatalog.all()) {
            Object fallback = setting.fallback();
            assertThat(nothing.find(setting).orElse(null)).as(setting.name()).isEqualTo(fallback);
            assertThat(setting.secret() && fallback != null)
                    .as("a secret has no default: " + setting.name())
                    .isFalse();
        }
        assertThat(SettingsCatalog.all().stream().map(Setting::environmentName)).doesNotHaveDuplicates();
    }

    @Test
    void whatIsOutOfRangeIsRefusedWithTheRange() {
        assertThatThrownBy(() -> Settings.of(Map.of("PORT", "70000")).get(SettingsCatalog.PORT))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("PORT")
                .hasMessageContaining("0 to 65535");
        assertThatThrownBy(() -> Settings.of(Map.of("SEGNO_LOG_LEVEL", "loud")).get(SettingsCatalog.LOG_LEVEL))
                .hasMessageContaining("trace, debug, info, warn, error");
    }

    @Test
    void namesThatNobodyDeclaredAreFound() {
        assertThat(SettingsCatalog.isUnknown("segno.http.max-bodi")).isTrue();
        assertThat(SettingsCatalog.isUnknown("SEGNO_HTTP_MAX_BODY")).isFalse();
        assertThat(SettingsCatalog.isUnknown("segno.services.people.url")).isFalse();
        assertThat(SettingsCatalog.isUnknown("SEGNO_API_KEYS_FILE")).isFalse();
        assertThat(SettingsCatalog.isUnknown("FETCHER_URL")).isFalse();
        Matcher probe = ASKED.get(0).matcher("settings.flag(\"segno.not.there\", true)");
        assertThat(probe.find() && SettingsCatalog.isUnknown(probe.group(1))).isTrue();
    }
}
