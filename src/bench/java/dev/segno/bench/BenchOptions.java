package dev.segno.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What every benchmark of a whole process can be told, and the processes that are started so. */
final class BenchOptions {

    @Option(names = "--directory", description = "Where the data goes: the disk that is measured.")
    Path directory = Path.of("target/bench");

    @Option(names = "--log", description = "File for what the processes say (default: nowhere).")
    @Nullable
    Path log;

    /**
     * Segno with the routes of a directory; it may still be starting when this returns.
     *
     * @param below     directory for its data
     * @param variables added to the environment
     */
    BenchProcess run(String routes, Path below, int port, Map<String, String> variables) throws IOException {
        List<String> command = List.of(
                "run",
                routes,
                "--port",
                String.valueOf(port),
                "--data",
                below.resolve("data").toString());
        return BenchProcess.segno(command, port, variables, log);
    }

    /** Segno with the routes of the benchmarks, which call a stub. */
    BenchProcess runWithStub(int stub, Path below, int port) throws IOException {
        return run("src/bench/routes", below, port, Map.of("STUB_URL", "http://127.0.0.1:" + stub));
    }

    /**
     * The stand-ins; they may still be starting when this returns.
     *
     * @param portOffset added to their ports
     * @param port       one of them
     */
    BenchProcess sandbox(int portOffset, int port, Map<String, String> variables) throws IOException {
        return BenchProcess.segno(
                List.of("sandbox", "--port-offset", String.valueOf(portOffset)), port, variables, log);
    }
}
