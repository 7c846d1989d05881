package dev.segno.store;

import static dev.segno.spec.Sample.change;
import static dev.segno.spec.Sample.completed;
import static dev.segno.spec.Sample.id;
import static dev.segno.spec.Sample.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.segno.run.Failpoints;
import dev.segno.run.Payload;
import dev.segno.run.RunState;
import dev.segno.run.StartOutcome;
import dev.segno.run.StoreUnavailable;
import dev.segno.spec.Sample;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the SQLite store does when it cannot be opened or written. */
class SqliteFaultsTest {

    private static final StoreSettings SETTINGS =
            StoreSettings.defaults().withWal(1_000, true).withRetryInterval(Duration.ofMillis(20));

    private Path directory;

    @BeforeEach
    void nameDirectory(@TempDir Path temporary) {
        directory = temporary.resolve("data");
    }

    private SqliteRunStore open(StoreSettings settings) {
        return SqliteRunStore.open(directory, settings, Clock.systemUTC());
    }

    private Connection raw() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("segno.db"));
    }

    private void sql(String statement) throws SQLException {
        try (Connection connection = raw();
                Statement any = connection.createStatement()) {
            any.executeUpdate(statement);
        }
    }

    @Test
    void aSecondStoreInTheSameProcessIsRefusedAndDoesNotGiveTheLockAway() {
        try (SqliteRunStore first = open(SETTINGS)) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> open(SETTINGS))
                        .isInstanceOf(StoreInUse.class)
                        .hasMessageContaining(directory.getFileName().toString())
                        .hasMessageContaining(
                                Long.toString(ProcessHandle.current().pid()));
            }
            first.start(run(1)).join();
        }
        open(SETTINGS).close();
    }

    @Test
    void aFileInThePlaceOfTheDirectoryIsRefused() throws Exception {
        Files.writeString(directory, "");
        assertThatThrownBy(() -> open(SETTINGS))
                .isInstanceOf(StoreUnavailable.class)
                .hasMessageMatching("Data directory .*data is a file: name a directory");
        Path below = directory.resolve("deeper");
        assertThatThrownBy(() -> SqliteRunStore.open(below))
                .isInstanceOf(StoreUnavailable.class)
                .hasMessageContaining("cannot be created");
    }

    @Test
    void aFileThatIsNoDatabaseIsRefused() throws Exception {
        Files.createDirectories(directory);
        Files.write(directory.resolve("segno.db"), Sample.bytes(10_000, 1));
        assertThatThrownBy(() -> open(SETTINGS))
                .isInstanceOf(StoreUnavailable.class)
                .hasMessageContaining("segno.db cannot be opened")
                .hasMessageContaining("SQLITE_NOTADB");
        // And the directory is free again.
        Files.delete(directory.resolve("segno.db"));
        open(SETTINGS).close();
    }

    @Test
    void tablesOfANewerVersionAndOfOthersAreRefused() throws Exception {
        open(SETTINGS).close();
        sql("PRAGMA user_version = 99");
        assertThatThrownBy(() -> open(SETTINGS)).hasMessageContaining("written by a newer version of Segno");
        sql("PRAGMA user_version = 0");
        assertThatThrownBy(() -> open(SETTINGS)).hasMessageContaining("belongs to another program");
    }

    /** R7: after a failed fsync nothing is acknowledged any more. */
    @Test
    void afterAFailedSyncNothingIsAcknowledged() {
        List<String> fatal = Collections.synchronizedList(new ArrayList<>());
        SqliteRunStore store = open(SETTINGS.withFaults(
                Failpoints.parse("store.fail-fsync:3"), (message, cause) -> fatal.add(message + ": " + cause)));
        store.start(run(1)).join();
        store.record(id(1), completed("a")).join();
        CompletableFuture<Void> failed = store.record(id(1), completed("b"));
        await().until(() -> !fatal.isEmpty());
        assertThat(store.isWritable()).isFalse();
        assertThatThrownBy(() -> store.record(id(1), completed("c")).join()).hasCauseInstanceOf(StoreUnavailable.class);
        store.close();
        assertThat(failed).isNotDone();
        assertThat(fatal).singleElement().asString().contains("SQLITE_IOERR_FSYNC");
        try (SqliteRunStore reopened = open(SETTINGS)) {
            assertThat(reopened.journal(id(1))).startsWith(completed("a"));
        }
    }

    /** R6, ENOSPC: nothing is lost, starts are refused, and it heals by itself. */
    @Test
    void aFullStoreRefusesStartsKeepsTheRestAndHeals() throws Exception {
        try (SqliteRunStore store = open(SETTINGS.withMaxBytes(2 * 1024 * 1024))) {
            store.start(run(1)).join();
            store.start(run(2)).join();
            Payload ballast = new Payload.Inline(Payload.Kind.BYTES, Sample.bytes(200_000, 1));
            for (int i = 0; i < 6; i++) {
                store.record(id(1), completed("ballast[" + i + "]/x", ballast)).join();
            }
            store.change(change(1, 0, RunState.COMPLETED)).join();
            List<CompletableFuture<Void>> pending = IntStream.range(0, 5)
                    .mapToObj(i -> store.record(id(2), completed("s[" + i + "]/x", ballast)))
                    .toList();
            await().until(() -> !store.isWritable());

            assertThatThrownBy(() -> store.start(run(3)).join()).hasCauseInstanceOf(StoreUnavailable.class);
            CompletableFuture<Boolean> change = store.change(change(2, 0, RunState.WAITING));
            assertThat(store.find(id(1))).isPresent();
            long waiting = pending.stream().filter(future -> !future.isDone()).count();
            assertThat(waiting).isPositive();

            sql("DELETE FROM step WHERE run_id = '" + id(1) + "'");
            pending.forEach(CompletableFuture::join);
            assertThat(change.join()).isTrue();
            assertThat(store.journal(id(2)))
                    .extracting(record -> record.key().path())
                    .containsExactlyElementsOf(IntStream.range(0, 5)
                            .mapToObj(i -> "s[" + i + "]/x")
                            .toList());
            assertThat(store.isWritable()).isTrue();
            assertThat(store.start(run(3)).join()).isEqualTo(new StartOutcome.Started(id(3)));
        }
    }

    @Test
    void aLockFromOutsideIsWaitedOutInOrder() throws Exception {
        try (SqliteRunStore store = open(SETTINGS)) {
            store.start(run(1)).join();
            List<CompletableFuture<Void>> pending;
            CompletableFuture<StartOutcome> start;
            try (Connection other = raw();
                    Statement statement = other.createStatement()) {
                statement.execute("BEGIN IMMEDIATE");
                pending = IntStream.range(0, 100)
                        .mapToObj(i -> store.record(id(1), completed("s[" + i + "]/x")))
                        .toList();
                start = store.start(run(2));
                await().until(() -> !store.isWritable());
                assertThat(pending).noneMatch(CompletableFuture::isDone);
                assertThatThrownBy(start::join).hasCauseInstanceOf(StoreUnavailable.class);
                statement.execute("COMMIT");
            }
            pending.forEach(CompletableFuture::join);
            assertThat(store.journal(id(1)))
                    .extracting(record -> record.key().path())
                    .containsExactlyElementsOf(IntStream.range(0, 100)
                            .mapToObj(i -> "s[" + i + "]/x")
                            .toList());
            assertThat(store.isWritable()).isTrue();
            assertThat(store.find(id(2))).isEmpty();
            assertThat(store.start(run(2)).join()).isEqualTo(new StartOutcome.Started(id(2)));
        }
    }

    @Test
    void startsAreRefusedWhenTooMuchIsQueuedAndRecordsAreNot() throws Exception {
        try (SqliteRunStore store = open(SETTINGS.withQueue(1024 * 1024, 5))) {
            store.start(run(1)).join();
            List<CompletableFuture<Void>> pending;
            try (Connection other = raw();
                    Statement statement = other.createStatement()) {
                statement.execute("BEGIN IMMEDIATE");
                pending = IntStream.range(0, 20)
                        .mapToObj(i -> store.record(id(1), completed("s[" + i + "]/x")))
                        .toList();
                assertThatThrownBy(() -> store.start(run(2)).join())
                        .hasCauseInstanceOf(StoreUnavailable.class)
                        .hasMessageContaining("too many writes are queued");
                statement.execute("COMMIT");
            }
            pending.forEach(CompletableFuture::join);
            assertThat(store.start(run(2)).join()).isEqualTo(new StartOutcome.Started(id(2)));
        }
    }

    @Test
    void aStoreThatCannotWriteRefusesWhatIsQueuedWhenItIsClosed() throws Exception {
        SqliteRunStore store = open(SETTINGS);
        store.start(run(1)).join();
        CompletableFuture<Void> pending;
        try (Connection other = raw();
                Statement statement = other.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            pending = store.record(id(1), completed("a"));
            await().until(() -> !store.isWritable());
            store.close();
            statement.execute("COMMIT");
        }
        assertThatThrownBy(pending::join).hasCauseInstanceOf(StoreUnavailable.class);
        try (SqliteRunStore reopened = open(SETTINGS)) {
            assertThat(reopened.journal(id(1))).isEmpty();
        }
    }

    @Test
    void theLogIsCopiedAndBegunAnew() throws Exception {
        try (SqliteRunStore store = open(SETTINGS.withWal(200, true))) {
            store.start(run(1)).join();
            Payload body = new Payload.Inline(Payload.Kind.BYTES, Sample.bytes(10_000, 1));
            for (int i = 0; i < 2_000; i++) {
                store.record(id(1), completed("s[" + i + "]/x", body));
            }
            for (int i = 2_000; i < 2_500; i++) {
                store.record(id(1), completed("s[" + i + "]/x", body)).join();
            }
            assertThat(Files.size(directory.resolve("segno.db"))).isGreaterThan(20_000_000L);
            assertThat(store.journal(id(1))).hasSize(2_500);
        }
        try (SqliteRunStore reopened = open(SETTINGS)) {
            assertThat(reopened.journal(id(1))).hasSize(2_500);
        }
    }
}
