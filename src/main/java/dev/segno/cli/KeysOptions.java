package dev.segno.cli;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the keys are that a command is about: in the store of a node that is stopped, or at a node that runs. */
final class KeysOptions {

    @Option(names = "--data", paramLabel = "DIR", description = "Directory of the store (default: ${DEFAULT-VALUE}).")
    private Path data = Path.of("data");

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "The node, if it runs; the key of an admin is taken from the variable SEGNO_KEY.")
    private @Nullable URI url;

    KeyDesk desk() {
        return url == null ? KeyDesk.ofStore(data) : KeyDesk.ofNode(url, System.getenv("SEGNO_KEY"));
    }
}
