package dev.segno.crash;

import dev.segno.spec.SegnoProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A call of the program that is over.
 *
 * @param exitCode what it reported
 * @param lines what it wrote, output and errors
 */
record Command(int exitCode, List<String> lines) {

    private static final int PATIENCE_SECONDS = 60;

    /** Runs {@code segno ARGUMENTS…} to its end. */
    static Command run(Map<String, String> environment, List<String> arguments) throws Exception {
        ProcessBuilder builder = SegnoProcess.builder(List.of(), arguments);
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            // On a thread of its own: a program that does not end must not hold the test.
            var output = java.util.concurrent.CompletableFuture.supplyAsync(() -> textOf(process));
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("segno " + arguments + " goes on");
            }
            return new Command(process.exitValue(), output.join().lines().toList());
        } finally {
            process.destroyForcibly();
        }
    }

    private static String textOf(Process process) {
        try {
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
