package dev.segno.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segno.run.RunStore;
import dev.segno.run.StoreUnavailable;
import dev.segno.trigger.Fire;
import dev.segno.trigger.ScheduleState;
import dev.segno.trigger.ScheduleStore;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every {@link ScheduleStore} promises. */
public abstract class ScheduleStoreContract {

    private static final Instant NOON = Sample.NOON;

    private Path directory;
    private RunStore runs;
    private ScheduleStore store;

    /** Opens the store that lives in {@code directory}. */
    protected abstract RunStore open(Path directory);

    /** The schedules in an open store. */
    protected abstract ScheduleStore schedules(RunStore store);

    /** Runs a statement on the open store's tables, past the store. */
    protected abstract void sql(Path directory, String statement) throws SQLException;

    @BeforeEach
    void openFirst(@TempDir Path temporary) {
        directory = temporary.resolve("data");
        runs = open(directory);
        store = schedules(runs);
    }

    @AfterEach
    void close() {
        runs.close();
    }

    private void reopen() {
        runs.close();
        runs = open(directory);
        store = schedules(runs);
    }

    private static ScheduleState state(String name) {
        return new ScheduleState(name, "0 0 2 * * ?", "Australia/Sydney", NOON, false, null, null);
    }

    private static Fire fire(String name, int second, Fire.Outcome outcome) {
        return fire(name, second, outcome, null, null);
    }

    private static Fire fire(
            String name, int second, Fire.Outcome outcome, @Nullable String run, @Nullable String reason) {
        return new Fire(name, NOON.plusSeconds(second), Fire.Kind.SCHEDULED, outcome, run, reason, NOON);
    }

    @Test
    void everythingAcknowledgedIsThereAfterReopening() {
        ScheduleState plain = state("a");
        ScheduleState full =
                new ScheduleState("b", "* * * * * ?", "UTC", NOON.plusSeconds(1), true, NOON.plusSeconds(2), "run-1");
        Fire started = fire("b", 1, Fire.Outcome.STARTED, "run-1", null);
        Fire skipped = fire("b", 2, Fire.Outcome.SKIPPED, "run-1", "run-1 was under way");
        store.save(plain, List.of()).join();
        store.save(full, List.of(started, skipped)).join();
        reopen();
        assertThat(store.list()).containsExactly(plain, full);
        assertThat(store.find("b")).contains(full);
        assertThat(store.find("c")).isEmpty();
        assertThat(store.fires("b", 10)).containsExactly(skipped, started);
        assertThat(store.fires("a", 10)).isEmpty();
    }

    @Test
    void theLatestWriteOfAScheduleAndOfAFireCounts() {
        store.save(state("a"), List.of(fire("a", 1, Fire.Outcome.DUE), fire("a", 2, Fire.Outcome.DUE)))
                .join();
        Fire started = fire("a", 1, Fire.Outcome.STARTED, "run-1", null);
        ScheduleState next = new ScheduleState("a", "* * * * * ?", "UTC", NOON.plusSeconds(9), true, null, "run-1");
        store.save(next, List.of(started)).join();
        assertThat(store.find("a")).contains(next);
        assertThat(store.fires("a", NOON, NOON.plusSeconds(9)))
                .containsExactly(started, fire("a", 2, Fire.Outcome.DUE));
    }

    @ParameterizedTest
    @EnumSource
    void openFiresAreFoundAndNoOthers(Fire.Outcome outcome) {
        Fire fire = fire("a", 1, outcome);
        store.save(state("a"), List.of(fire)).join();
        reopen();
        assertThat(store.open("a")).isEqualTo(outcome.isOpen() ? List.of(fire) : List.of());
        assertThat(store.open("b")).isEmpty();
    }

    @Test
    void firesAreReadByTimeAndByNumber() {
        List<Fire> fires = IntStream.range(0, 10)
                .mapToObj(second -> fire("a", second, Fire.Outcome.MISSED))
                .toList();
        store.save(state("a"), fires).join();
        store.save(state("b"), List.of(fire("b", 3, Fire.Outcome.MISSED))).join();
        assertThat(store.fires("a", NOON.plusSeconds(3), NOON.plusSeconds(5))).isEqualTo(fires.subList(3, 6));
        assertThat(store.fires("a", 2)).containsExactly(fires.get(9), fires.get(8));
    }

    @Test
    void oldFiresAreForgottenButNotThoseThatAreYetToFire() {
        Fire waiting = fire("a", 0, Fire.Outcome.QUEUED);
        Fire old = fire("a", 1, Fire.Outcome.STARTED);
        store.save(state("a"), List.of(waiting, old)).join();
        List<Fire> many = IntStream.range(2, 2 + ScheduleStore.KEPT_FIRES)
                .mapToObj(second -> fire("a", second, Fire.Outcome.STARTED))
                .toList();
        store.save(state("a"), many).join();
        assertThat(store.fires("a", 5_000))
                .hasSize(ScheduleStore.KEPT_FIRES + 1)
                .contains(waiting)
                .containsAll(many)
                .doesNotContain(old);
    }

    @Test
    void aRowThatCannotBeReadHoldsUpNoOther() throws SQLException {
        store.save(state("a"), List.of(fire("a", 1, Fire.Outcome.DUE), fire("a", 2, Fire.Outcome.DUE)))
                .join();
        store.save(state("b"), List.of()).join();
        sql(directory, "UPDATE schedule SET zone = 'Mars' WHERE name = 'a'");
        sql(
                directory,
                "UPDATE schedule_fire SET kind = 'HOLOGRAM' WHERE fire_at = (SELECT min(fire_at) FROM schedule_fire)");
        assertThat(store.list()).containsExactly(state("b"));
        assertThat(store.find("a")).isEmpty();
        assertThat(store.open("a")).containsExactly(fire("a", 2, Fire.Outcome.DUE));
    }

    @Test
    void aClosedStoreTakesNothingMore() {
        runs.close();
        assertThat(store.isWritable()).isFalse();
        assertThatThrownBy(() -> store.save(state("a"), List.of()).join()).hasCauseInstanceOf(StoreUnavailable.class);
        assertThatThrownBy(() -> store.find("a")).isInstanceOf(StoreUnavailable.class);
    }
}
