package dev.segno.store;

import dev.segno.spec.Sample;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A process of its own that writes journals for ever, and prints {@code run key} for each record once it is
 * acknowledged. Meant to be killed.
 */
final class JournalWriter {

    static final int RUNS = 8;

    private JournalWriter() {}

    public static void main(String[] args) {
        Path directory = Path.of(args[0]);
        int first = Integer.parseInt(args[1]);
        try (SqliteRunStore store = SqliteRunStore.open(directory)) {
            for (int run = 0; run < RUNS; run++) {
                store.start(Sample.run(first + run)).join();
                System.out.println(first + run + " started");
            }
            for (int step = 0; ; step++) {
                for (int run = first; run < first + RUNS; run++) {
                    String line = run + " " + step;
                    store.record(Sample.id(run), Sample.completed("s[" + step + "]/x"))
                            .thenRun(() -> System.out.println(line));
                }
                store.record(Sample.id(first), Sample.completed("t[" + step + "]/x"))
                        .join();
            }
        } catch (StoreInUse e) {
            System.out.println(e.getMessage());
        }
    }

    static Process launch(Path directory, int first, String... properties) {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC"));
        command.addAll(List.of(properties));
        // Surefire keeps the real class path to itself.
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        command.addAll(List.of(
                "-cp",
                String.valueOf(classPath),
                JournalWriter.class.getName(),
                directory.toString(),
                Integer.toString(first)));
        try {
            return new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
