package dev.segno.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segno.run.StepRecord;
import dev.segno.spec.Sample;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A real process writes and is ended: what it was told to be on disk is there, once and unchanged (R1, R3, R7). */
class SqliteCrashTest {

    private final Map<Integer, List<String>> acknowledged = new TreeMap<>();

    @Test
    void nothingAcknowledgedIsLostByKills(@TempDir Path directory) throws Exception {
        Random random = new Random(1);
        for (int round = 0; round < 5; round++) {
            Process process = JournalWriter.launch(directory, round * JournalWriter.RUNS);
            follow(process, 50 + random.nextInt(3_000));
            process.destroyForcibly();
            follow(process, Integer.MAX_VALUE);
            process.waitFor();
            verify(directory);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "store.before-commit, 137",
        "store.after-commit, 137",
        "store.fail-fsync, 74",
    })
    void aFailpointEndsTheProcessAndNothingAcknowledgedIsLost(String point, int exitCode, @TempDir Path directory)
            throws Exception {
        Process process = JournalWriter.launch(directory, 0, "-DSEGNO_FAILPOINTS=" + point + ":200");
        follow(process, Integer.MAX_VALUE);
        assertThat(process.waitFor()).isEqualTo(exitCode);
        assertThat(acknowledged).hasSize(JournalWriter.RUNS);
        verify(directory);
    }

    @Test
    void aSecondProcessIsRefused(@TempDir Path directory) throws Exception {
        try (SqliteRunStore store = SqliteRunStore.open(directory)) {
            Process second = JournalWriter.launch(directory, 0);
            try (BufferedReader output = second.inputReader()) {
                assertThat(output.lines())
                        .contains("Data directory " + directory.toRealPath() + " is in use by process "
                                + ProcessHandle.current().pid() + ": stop it, or choose another directory");
            }
            assertThat(second.waitFor()).isZero();
            assertThat(store.isWritable()).isTrue();
        }
    }

    /** Takes what the process acknowledges, until there was enough of it or it has ended. */
    private void follow(Process process, int lines) throws IOException {
        BufferedReader output = process.inputReader();
        for (int i = 0; i < lines; i++) {
            String line;
            try {
                line = output.readLine();
            } catch (IOException e) {
                return; // the pipe broke with the process
            }
            if (line == null) {
                return;
            }
            String[] words = line.split(" ", -1);
            // The last line may be cut off: then its number has to be taken for a shorter one, which is there as well.
            if (words.length == 2 && words[0].matches("\\d+") && words[1].matches("\\d+|started")) {
                acknowledged
                        .computeIfAbsent(Integer.parseInt(words[0]), run -> new ArrayList<>())
                        .add(words[1]);
            }
        }
    }

    private void verify(Path directory) {
        try (SqliteRunStore store = SqliteRunStore.open(directory)) {
            acknowledged.forEach((run, steps) -> {
                assertThat(store.find(Sample.id(run))).as("run %d", run).isPresent();
                List<StepRecord> journal = store.journal(Sample.id(run));
                List<String> keys =
                        journal.stream().map(record -> record.key().path()).toList();
                assertThat(keys).doesNotHaveDuplicates();
                assertThat(keys)
                        .containsAll(steps.stream()
                                .filter(step -> !step.equals("started"))
                                .map(step -> "s[" + step + "]/x")
                                .toList());
                assertThat(journal)
                        .allSatisfy(record -> assertThat(record)
                                .isEqualTo(Sample.completed(record.key().path())));
            });
            assertThat(store.resumable())
                    .containsAll(acknowledged.keySet().stream().map(Sample::id).toList());
        }
    }
}
