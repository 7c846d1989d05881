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
    void tellsOfAnOptionThatAKameletDoesNotHaveAndOfFilesThatAreNotRead() throws IOException {
        String text = """
                - route:
                    id: sync
                    from:
                      uri: orchestration:sync
                      steps:
                        - step:
                            id: book
                            steps:
                              - to: kamelet:call?service=desk&path=/book&timeoutMS=500
                """;
        write("one/sync.camel.yaml", text);
        write("one/misnamed.yaml", text);
        write("one/sync.test.yaml", "orchestration: sync");
        write("one/openapi.yaml", "openapi: 3.0.3");
        Files.createSymbolicLink(directory.resolve("linked"), directory.resolve("one"));

        assertThat(execute("validate", directory.toString())).isEqualTo(1);

        assertThat(out.toString().lines())
                .hasSize(4)
                .anySatisfy(line -> assertThat(line)
                        .startsWith("one/sync.camel.yaml:9:21: error: 'kamelet:call' has no option 'timeoutMS'."
                                + " Did you mean 'timeoutMs'? It takes answerHeaders, "))
                .contains(
                        "one/misnamed.yaml:1:1: warning: this file is not loaded: its name does not end in .camel.yaml."
                                + " Rename it if it holds routes.",
                        "linked:1:1: warning: a link to a folder is not followed."
                                + " Put the folder itself below the routes' folder.")
                .last()
                .asString()
                .endsWith(", 1 error, 2 warnings");
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
