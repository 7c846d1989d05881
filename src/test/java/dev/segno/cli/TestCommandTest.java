package dev.segno.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TestCommandTest {

    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();

    @BeforeEach
    void writeRoute() throws IOException {
        write("shop/greet.camel.yaml", """
                - route:
                    id: greet
                    from:
                      uri: orchestration:greet
                      steps:
                        - step:
                            id: greet
                            steps:
                              - setBody:
                                  simple: Hello ${body[name]}
                """);
    }

    private int execute(String... more) {
        CommandLine commands = new CommandLine(new SegnoCommand()).setOut(new PrintWriter(out));
        String[] arguments = new String[more.length + 2];
        arguments[0] = "test";
        arguments[1] = directory.toString();
        System.arraycopy(more, 0, arguments, 2, more.length);
        return commands.execute(arguments);
    }

    private void write(String path, String text) throws IOException {
        Path file = directory.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void writeCases() throws IOException {
        write("shop/greet.test.yaml", """
                orchestration: greet
                cases:
                  - name: greets Ada
                    input: {name: Ada}
                    expect: {output: Hello Ada}
                  - name: greets Bob
                    input: {name: Bob}
                    expect: {output: Hello Ada}
                """);
    }

    @Test
    void tellsALineForEachCaseAndFailsWithOne() throws IOException {
        writeCases();

        assertThat(execute()).isEqualTo(1);

        assertThat(out.toString().lines())
                .anySatisfy(line -> assertThat(line).matches("  passed  greets Ada +\\d+ ms"))
                .anySatisfy(line -> assertThat(line).matches("  FAILED  greets Bob +\\d+ ms"))
                .anySatisfy(line -> assertThat(line).endsWith("greet.test.yaml:6"))
                .anySatisfy(line ->
                        assertThat(line).isEqualTo("          output: expected \"Hello Ada\", was \"Hello Bob\""))
                .last()
                .asString()
                .startsWith("1 passed, 1 failed in ");
    }

    @Test
    void runsOnlyWhatIsAskedFor() throws IOException {
        writeCases();

        assertThat(execute("--only", "Ada")).isZero();

        assertThat(out.toString()).contains("1 passed, 0 failed").doesNotContain("Bob");
    }

    @Test
    void runsNothingWhileAFileIsWrong() throws IOException {
        writeCases();
        write("shop/wrong.test.yaml", "orchestration: greet\ncases: [{nme: x}]\n");

        assertThat(execute()).isEqualTo(2);

        assertThat(out.toString())
                .contains("wrong.test.yaml:2:10: error: 'nme' is no key of a case. Did you mean 'name'?")
                .endsWith("Nothing was run.\n")
                .doesNotContain("passed");
    }

    @Test
    void tellsThatThereAreNoCases() {
        assertThat(execute()).isEqualTo(2);

        assertThat(out.toString()).contains("There are no cases; docs/testing.md tells how to write one");
    }
}
