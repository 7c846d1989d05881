package dev.segno.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segno.run.RunState;
import dev.segno.run.StoreUnavailable;
import dev.segno.spec.Sample;
import dev.segno.trigger.Batch;
import dev.segno.trigger.BatchStore;
import dev.segno.trigger.EndedRuns;
import dev.segno.trigger.SeenKeys;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Batches and seen keys on SQLite: compare-and-set, what a crash leaves behind, damage, and bounds. */
class SqliteBetweenRunsTest {

    private static final Instant NOON = Sample.NOON;

    private Path directory;
    private SqliteRunStore store;

    @BeforeEach
    void openFirst(@TempDir Path temporary) {
        directory = temporary.resolve("data");
        store = SqliteRunStore.open(directory);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void reopen() {
        store.close();
        store = SqliteRunStore.open(directory);
    }

    private BatchStore batches() {
        return store.betweenRuns().batches();
    }

    private static Batch batch(String id, long revision, String content) {
        return new Batch(
                "route/all", id, "eu", "exchange-" + id, revision, NOON, content.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(Batch batch) {
        return new String(batch.content(), StandardCharsets.UTF_8);
    }

    private long number(String statement) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("segno.db"));
                Statement any = connection.createStatement();
                ResultSet result = any.executeQuery(statement)) {
            return result.next() ? result.getLong(1) : -1;
        }
    }

    private void sql(String statement) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("segno.db"));
                Statement any = connection.createStatement()) {
            any.executeUpdate(statement);
        }
    }

    @Test
    void oneBatchCollectsUnderACorrelationAndEachChangeNeedsItsRevision() {
        assertThat(batches().save(batch("a", 1, "1")).join()).isTrue();
        assertThat(batches().save(batch("b", 1, "1")).join())
                .as("another new one")
                .isFalse();
        assertThat(batches().save(batch("a", 3, "3")).join())
                .as("one revision too many")
                .isFalse();
        assertThat(batches().save(batch("a", 2, "1 2")).join()).isTrue();
        assertThat(batches().save(batch("a", 2, "1 x")).join())
                .as("the same revision twice")
                .isFalse();
        reopen();

        Batch found = batches().collecting("route/all", "eu").orElseThrow();
        assertThat(text(found)).isEqualTo("1 2");
        assertThat(found.revision()).isEqualTo(2);
        assertThat(batches().correlations("route/all")).containsExactly("eu");
        assertThat(batches().collecting("route/other", "eu")).isEmpty();
    }

    @Test
    void aBatchThatLeavesMakesRoomAndIsCompleteWithItsLastMessage() {
        batches().save(batch("a", 1, "1")).join();
        assertThat(batches().leave(batch("a", 2, ""), false).join())
                .as("another revision")
                .isFalse();
        assertThat(batches().leave(batch("a", 1, ""), false).join()).isTrue();
        assertThat(batches().leave(batch("a", 1, ""), true).join()).as("twice").isFalse();
        assertThat(batches().complete("route/all"))
                .as("not before it is complete")
                .isEmpty();
        assertThat(batches().save(batch("b", 1, "3")).join()).isTrue();
        batches().complete(batch("a", 2, "1 2")).join();
        reopen();

        assertThat(batches().complete("route/all")).containsExactly("exchange-a");
        assertThat(text(batches().complete("route/all", "exchange-a").orElseThrow()))
                .isEqualTo("1 2");
        batches().confirm("route/all", "exchange-a").join();
        assertThat(batches().complete("route/all")).isEmpty();
        assertThat(text(batches().collecting("route/all", "eu").orElseThrow())).isEqualTo("3");
    }

    @Test
    void aBatchThatACrashFoundLeavingIsCompleteAsItWasSaved() {
        batches().save(batch("a", 1, "1")).join();
        batches().leave(batch("a", 1, ""), true).join();
        reopen();
        batches().reopen().join();

        assertThat(text(batches().complete("route/all", "exchange-a").orElseThrow()))
                .isEqualTo("1");
    }

    @Test
    void damageIsFoundAndHoldsUpNoOther() throws Exception {
        batches().save(batch("a", 1, "1")).join();
        sql("UPDATE batch SET content = '2'");

        assertThatThrownBy(() -> batches().collecting("route/all", "eu"))
                .isInstanceOf(StoreUnavailable.class)
                .hasMessageContaining("checksum");
        assertThat(batches().correlations("route/all")).containsExactly("eu");
    }

    @Test
    void keysCountForTheirTimeAndAreForgottenBehindIt() throws Exception {
        SeenKeys keys = store.betweenRuns().seenKeys();
        Duration week = Duration.ofDays(7);
        for (int key = 0; key < 10; key++) {
            keys.add("route/once", "k" + key, NOON, NOON.minus(week)).join();
        }
        reopen();
        keys = store.betweenRuns().seenKeys();
        assertThat(keys.contains("route/once", "k1", NOON)).isTrue();
        assertThat(keys.contains("route/once", "k1", NOON.plusSeconds(1))).isFalse();
        assertThat(keys.contains("route/twice", "k1", NOON)).isFalse();
        assertThat(keys.remove("route/once", "k1").join()).isTrue();
        assertThat(keys.remove("route/once", "k1").join()).isFalse();

        keys.add("route/once", "new", NOON.plus(week), NOON.plusSeconds(1)).join();
        assertThat(number("SELECT count(*) FROM seen_key")).isEqualTo(1);
        keys.clear("route/once").join();
        assertThat(number("SELECT count(*) FROM seen_key")).isZero();
    }

    private void end(int run) {
        store.start(Sample.run(run)).join();
        store.change(Sample.change(run, 0, RunState.COMPLETED)).join();
    }

    @Test
    void endsAreWrittenInOrderWhereSomebodyReadsThemAndAreForgottenBehindAllReaders() throws Exception {
        EndedRuns ended = store.betweenRuns().endedRuns();
        end(1);
        assertThat(number("SELECT count(*) FROM ended_run")).as("nobody reads").isZero();
        LocalDate today = LocalDate.of(2026, 3, 28);
        EndedRuns.Reader slow = ended.reader("slow", today, NOON).join();
        EndedRuns.Reader fast = ended.reader("fast", today, NOON).join();
        assertThat(fast).isEqualTo(new EndedRuns.Reader("fast", 0, today.minusDays(1)));
        for (int run = 2; run <= 5; run++) {
            end(run);
        }
        reopen();
        ended = store.betweenRuns().endedRuns();

        List<EndedRuns.Ended> all = ended.after(0, 10);
        assertThat(all)
                .extracting(one -> Objects.requireNonNull(one.run()).id())
                .containsExactly(
                        Sample.run(2).id(),
                        Sample.run(3).id(),
                        Sample.run(4).id(),
                        Sample.run(5).id());
        assertThat(ended.after(all.get(1).position(), 1))
                .extracting(EndedRuns.Ended::position)
                .containsExactly(all.get(2).position());
        fast = new EndedRuns.Reader("fast", all.get(3).position(), today, "three and a half");
        ended.save(fast, NOON).join();
        assertThat(ended.reader("fast", today.plusDays(9), NOON).join()).isEqualTo(fast);
        assertThat(ended.after(0, 10)).as("the slow one has not seen them").hasSize(4);
        ended.save(new EndedRuns.Reader("slow", all.get(3).position(), today), NOON)
                .join();
        assertThat(ended.after(0, 10))
                .as("the last one keeps the count")
                .extracting(EndedRuns.Ended::position)
                .containsExactly(all.get(3).position());
        assertThat(slow.position()).isZero();
        end(6);
        assertThat(ended.after(all.get(3).position(), 10)).hasSize(1);
    }

    @Test
    void theLastMillionOfEndsIsKeptForAReaderThatStaysAway() throws Exception {
        store.betweenRuns()
                .endedRuns()
                .reader("away", LocalDate.of(2026, 3, 28), NOON)
                .join();
        sql("INSERT INTO ended_run VALUES (1, 'first'), (2, 'second'), (1000001, 'later')");
        end(1);

        assertThat(number("SELECT min(position) FROM ended_run")).isEqualTo(1_000_001);
        assertThat(number("SELECT max(position) FROM ended_run")).isEqualTo(1_000_002);
    }
}
