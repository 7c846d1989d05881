package dev.segno.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class RehearseCommandTest {

    @Test
    void startsWithAllPackagesAndEndsWithoutATrace() throws IOException {
        Set<Path> before = rehearsals();

        assertThat(new CommandLine(new SegnoCommand()).execute("rehearse")).isZero();

        assertThat(rehearsals()).isEqualTo(before);
    }

    private static Set<Path> rehearsals() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().startsWith("segno-rehearsal"))
                    .collect(Collectors.toSet());
        }
    }
}
