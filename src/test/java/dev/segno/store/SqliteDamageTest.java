package dev.segno.store;

import static dev.segno.spec.Sample.attempt;
import static dev.segno.spec.Sample.change;
import static dev.segno.spec.Sample.completed;
import static dev.segno.spec.Sample.handled;
import static dev.segno.spec.Sample.id;
import static dev.segno.spec.Sample.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.segno.run.Attempt;
import dev.segno.run.Payload;
import dev.segno.run.Run;
import dev.segno.run.RunState;
import dev.segno.run.RunStore;
import dev.segno.run.StepRecord;
import dev.segno.run.StoreUnavailable;
import dev.segno.spec.Sample;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R6: a damaged disk may cost the tail that nobody was told of, or an error; never a wrong value. */
class SqliteDamageTest {

    /** Repetitions; the full profile asks for more. */
    private static final int ROUNDS = Integer.getInteger("segno.damage.rounds", 20);

    private static final long SEED = Long.getLong("segno.seed", 6);

    /** A log that grows, so that its length tells where a commit ended. */
    private static final StoreSettings SETTINGS = StoreSettings.defaults().withWal(1_000, false);

    private static SqliteRunStore open(Path directory) {
        return SqliteRunStore.open(directory, SETTINGS, Clock.systemUTC());
    }

    @Test
    void aTornTailCostsOnlyWhatStoodInIt(@TempDir Path directory) throws IOException {
        Path original = directory.resolve("original");
        Path frozen = directory.resolve("frozen");
        List<StepRecord> written = new ArrayList<>();
        List<Long> lengths = new ArrayList<>();
        try (SqliteRunStore store = open(original)) {
            store.start(run(1)).join();
            long begin = Files.size(original.resolve("segno.db-wal"));
            for (int i = 0; i < 60; i++) {
                StepRecord record = completed("s[" + i + "]/x");
                store.record(id(1), record).join();
                written.add(record);
                lengths.add(Files.size(original.resolve("segno.db-wal")));
            }
            copy(original, frozen);
            Random random = new Random(SEED);
            for (int round = 0; round < ROUNDS; round++) {
                long cut = begin + (long) (random.nextDouble() * (lengths.get(59) - begin));
                Path torn = directory.resolve("torn" + round);
                copy(frozen, torn);
                boolean garbled = random.nextBoolean();
                tear(torn.resolve("segno.db-wal"), cut, garbled, random);
                long safe = lengths.stream().filter(length -> length <= cut).count();
                try (SqliteRunStore reopened = open(torn)) {
                    List<StepRecord> left = reopened.journal(id(1));
                    assertThat(left)
                            .as("seed %d, round %d, cut at %d, garbled %s", SEED, round, cut, garbled)
                            .hasSizeGreaterThanOrEqualTo((int) safe)
                            .isEqualTo(written.subList(0, left.size()));
                    reopened.record(id(1), completed("after")).join();
                    assertThat(reopened.journal(id(1))).hasSize(left.size() + 1);
                }
            }
        }
    }

    private static void tear(Path log, long cut, boolean garble, Random random) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "rw")) {
            long length = file.length();
            file.setLength(cut);
            if (garble) {
                byte[] garbage = new byte[(int) (length - cut)];
                random.nextBytes(garbage);
                file.seek(cut);
                file.write(garbage);
            }
        }
    }

    @Test
    void aFlippedByteIsAnErrorOrNothing(@TempDir Path directory) throws IOException {
        Path original = directory.resolve("original");
        Map<String, Run> runs = new HashMap<>();
        Map<String, List<StepRecord>> journals = new HashMap<>();
        Map<String, List<Attempt>> attempts = new HashMap<>();
        byte[] large = Sample.bytes(RunStore.INLINE_BYTES + 1, 1);
        try (SqliteRunStore store = open(original)) {
            for (int i = 0; i < 40; i++) {
                store.start(run(i, "o" + i % 3, "k" + i, "h", null)).join();
                for (int step = 0; step < 5; step++) {
                    store.record(id(i), completed("s[" + step + "]/x")).join();
                }
                store.record(id(i), handled("t")).join();
                store.recordAttempt(id(i), attempt("t", 1)).join();
                if (i % 2 == 0) {
                    store.change(change(i, 0, RunState.COMPLETED)).join();
                }
            }
            store.record(id(1), completed("large", new Payload.Inline(Payload.Kind.BYTES, large)))
                    .join();
            for (int i = 0; i < 40; i++) {
                runs.put(id(i), store.find(id(i)).orElseThrow());
                journals.put(id(i), store.journal(id(i)));
                attempts.put(id(i), store.attempts(id(i)));
            }
        }
        Random random = new Random(SEED);
        int refused = 0;
        int errors = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Path damaged = directory.resolve("damaged" + round);
            copy(original, damaged);
            long position = flip(damaged.resolve("segno.db"), random);
            String where = "seed " + SEED + ", round " + round + ", byte " + position;
            SqliteRunStore store;
            try {
                store = open(damaged);
            } catch (StoreUnavailable e) {
                assertThat(e.getMessage()).as(where).doesNotContain("\n");
                refused++;
                continue;
            }
            try (store) {
                for (String run : runs.keySet()) {
                    try {
                        assertThat(store.find(run)).as(where).isEqualTo(Optional.of(runs.get(run)));
                        assertThat(store.journal(run)).as(where).isEqualTo(journals.get(run));
                        assertThat(store.attempts(run)).as(where).isEqualTo(attempts.get(run));
                    } catch (StoreUnavailable e) {
                        errors++;
                    }
                }
                try (InputStream in = store.openBlob(id(1) + "/step/large")) {
                    assertThat(in.readAllBytes()).as(where).isEqualTo(large);
                } catch (StoreUnavailable e) {
                    errors++;
                }
                store.resumable().forEach(run -> assertThat(runs).as(where).containsKey(run));
            }
        }
        // Otherwise nothing was hit, and the test has shown nothing.
        assertThat(refused + errors).isPositive();
    }

    private static long flip(Path database, Random random) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(database.toFile(), "rw")) {
            long position = (long) (random.nextDouble() * file.length());
            file.seek(position);
            int value = file.read();
            file.seek(position);
            file.write(value ^ (1 + random.nextInt(255)));
            return position;
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        for (String name : List.of("segno.db", "segno.db-wal")) {
            if (Files.exists(from.resolve(name))) {
                Files.copy(from.resolve(name), to.resolve(name));
            }
        }
    }
}
