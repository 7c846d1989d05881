package dev.segno.camel.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaPassesTest {

    private static final String GOOD = """
            - route:
                id: hello
                from:
                  uri: direct:hello
                  steps:
                    - setBody:
                        constant: hello
            """;
    private static final String MISSHAPEN = GOOD.replace("setBody", "setBodies");
    private static final String FORBIDDEN = GOOD.replace("direct:hello", "exec:rm");

    @TempDir
    Path directory;

    @Test
    void aTextThatPassedIsNotCheckedAgain() throws IOException {
        assertThat(check(GOOD, passes("a")).loadable()).isTrue();
        assertThat(passes("a").contains(describe(GOOD))).isTrue();
    }

    @Test
    void aTextThatDidNotPassIsCheckedAgain() throws IOException {
        assertThat(check(MISSHAPEN, passes("a")).loadable()).isFalse();
        assertThat(check(MISSHAPEN, passes("a")).loadable()).isFalse();
    }

    @Test
    void aChangedTextIsChecked() throws IOException {
        check(GOOD, passes("a"));

        assertThat(check(MISSHAPEN, passes("a")).loadable()).isFalse();
    }

    @Test
    void anotherCheckerBelievesNothing() throws IOException {
        check(GOOD, passes("a"));

        assertThat(passes("b").contains(describe(GOOD))).isFalse();
    }

    @Test
    void thePolicyIsCheckedAlwaysAlthoughTheShapePassed() throws IOException {
        SchemaPasses passes = passes("a");
        passes.add(describe(FORBIDDEN));
        passes.save();

        assertThat(check(FORBIDDEN, passes("a")).errors()).isNotEmpty();
    }

    @Test
    void aTextThatIsGoneIsForgotten() throws IOException {
        check(GOOD, passes("a"));
        check(GOOD.replace("hello", "bye"), passes("a"));

        assertThat(passes("a").contains(describe(GOOD))).isFalse();
    }

    private SchemaPasses passes(String checker) throws IOException {
        return SchemaPasses.in(directory.resolve("data"), checker);
    }

    /** As a start does: checks what is there, and keeps what passed. */
    private CheckedRouteFile check(String text, SchemaPasses passes) throws IOException {
        Path file = Files.createDirectories(directory.resolve("routes/x")).resolve("hello.camel.yaml");
        Files.writeString(file, text);
        Files.createDirectories(directory.resolve("data"));
        CheckedRouteFile checked =
                RouteFileChecker.check(directory.resolve("routes"), file, CheckSettings.DEFAULT, passes);
        passes.save();
        return checked;
    }

    private static RouteFile describe(String text) {
        return Objects.requireNonNull(RouteFileChecker.check("x/hello.camel.yaml", text, CheckSettings.DEFAULT)
                .file());
    }
}
