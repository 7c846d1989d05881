package dev.segno.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segno.camel.javadsl.JavaRouteClasses;
import dev.segno.camel.javadsl.RouteJar;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ValidateCommandTest {

    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();

    private int execute(String... arguments) {
        CommandLine commands = new CommandLine(new SegnoCommand()).setOut(new PrintWriter(out));
        return commands.execute(arguments);
    }

    private void write(String path, String text) throws IOException {
        Path file = directory.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @Test
    void theRoutesThatComeWithSegnoAreRight() {
        assertThat(execute("validate")).isZero();
        assertThat(out.toString()).contains("0 errors, 0 warnings");
    }

    @Test
    void tellsFileLineColumnAndAdviceAndFails() throws IOException {
        String text = """
                - route:
                    id: sync
                    from:
                      uri: orchestration:sync
                      steps:
                        - step:
                            steps:
                              - to: kamelet:call?service=x&path=/y
                """;
        write("one/sync.camel.yaml", text);
        write("two/other.camel.yaml", text.replace("        - step:\n", "        - step:\n            id: go\n"));

        assertThat(execute("validate", directory.toString())).isEqualTo(1);

        assertThat(out.toString().lines())
                .anySatisfy(line -> assertThat(line)
                        .startsWith("one/sync.camel.yaml:6:11: error: ")
                        .contains("without an id"))
                .anySatisfy(line -> assertThat(line)
                        .startsWith("two/other.camel.yaml:1:3: error: ")
                        .contains("defined in one/sync.camel.yaml already"))
                .last()
                .asString()
                .contains("errors");
    }

    @Test
    void checksTheClassesInJarsToo() throws IOException {
        RouteJar.write(directory.resolve("lib/shop.jar"), JavaRouteClasses.Saga.class);
        Files.writeString(directory.resolve("lib/notes.jar"), "no jar");

        assertThat(execute("validate", directory.toString())).isEqualTo(1);

        assertThat(out.toString().lines())
                .anySatisfy(line -> assertThat(line)
                        .startsWith("lib/shop.jar!dev.segno.camel.javadsl.JavaRouteClasses$Saga:")
                        .contains("effect"))
                .anySatisfy(
                        line -> assertThat(line).startsWith("lib/notes.jar:1:1: error: this cannot be read as a jar"));
    }
}
