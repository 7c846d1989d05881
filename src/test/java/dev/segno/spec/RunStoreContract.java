package dev.segno.spec;

import static dev.segno.spec.Sample.NOON;
import static dev.segno.spec.Sample.attempt;
import static dev.segno.spec.Sample.change;
import static dev.segno.spec.Sample.completed;
import static dev.segno.spec.Sample.handled;
import static dev.segno.spec.Sample.id;
import static dev.segno.spec.Sample.json;
import static dev.segno.spec.Sample.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segno.run.Definition;
import dev.segno.run.DuplicateRecord;
import dev.segno.run.NewRun;
import dev.segno.run.Payload;
import dev.segno.run.Run;
import dev.segno.run.RunQuery;
import dev.segno.run.RunState;
import dev.segno.run.RunStore;
import dev.segno.run.RunStore.SequencedRecord;
import dev.segno.run.StartOutcome;
import dev.segno.run.StartOutcome.Busy;
import dev.segno.run.StartOutcome.Existing;
import dev.segno.run.StartOutcome.KeyConflict;
import dev.segno.run.StartOutcome.Started;
import dev.segno.run.StateChange;
import dev.segno.run.StepError;
import dev.segno.run.StepRecord;
import dev.segno.run.StoreUnavailable;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every {@link RunStore} promises. */
public abstract class RunStoreContract extends StoreContract {

    private void start(int number) {
        assertThat(store.start(run(number)).join()).isEqualTo(new Started(id(number)));
    }

    private Run found(int number) {
        return store.find(id(number)).orElseThrow();
    }

    @Test
    void everythingAcknowledgedIsThereAfterReopening() {
        NewRun run = run(1, "sync", "key", "hash", "sync");
        store.start(run).join();
        store.record(id(1), completed("fetch")).join();
        store.record(id(1), handled("chunks[3]/schedule")).join();
        store.recordAttempt(id(1), attempt("fetch", 1)).join();
        store.recordAttempt(id(1), attempt("fetch", 2)).join();
        store.saveAttributes(id(1), "{\"progress\":3}").join();
        Run before = found(1);

        reopen();

        assertThat(found(1)).isEqualTo(before);
        assertThat(before.input()).isEqualTo(run.input());
        assertThat(before)
                .extracting(Run::orchestration, Run::version, Run::state, Run::revision, Run::headers)
                .containsExactly("sync", "v1", RunState.RUNNING, 0L, "{\"h\":\"1\"}");
        assertThat(before)
                .extracting(Run::startKey, Run::inputHash, Run::singletonKey, Run::retries, Run::attributes)
                .containsExactly("key", "hash", "sync", 0, "{\"progress\":3}");
        assertThat(before)
                .extracting(Run::createdAt, Run::endedAt, Run::output, Run::error)
                .containsExactly(run.createdAt(), null, null, null);
        assertThat(store.journal(id(1))).containsExactly(completed("fetch"), handled("chunks[3]/schedule"));
        assertThat(store.attempts(id(1))).containsExactly(attempt("fetch", 1), attempt("fetch", 2));
    }

    @ParameterizedTest
    @EnumSource(Payload.Kind.class)
    void aBodyComesBackAsTheKindThatItWas(Payload.Kind kind) {
        start(1);
        Payload body = kind == Payload.Kind.NONE ? Payload.NONE : new Payload.Inline(kind, Sample.bytes(300, 7));
        store.record(id(1), completed("a", body)).join();
        store.record(id(1), completed("b", new Payload.Inline(kind, new byte[0])))
                .join();
        assertThat(store.journal(id(1)))
                .containsExactly(completed("a", body), completed("b", new Payload.Inline(kind, new byte[0])));
    }

    @Test
    void futuresCompleteAndRecordsStandInTheOrderOfTheCalls() {
        start(1);
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        CompletableFuture<?>[] all = IntStream.range(0, 1_000)
                .mapToObj(i -> store.record(id(1), completed("s[" + i + "]/x")).thenRun(() -> order.add(i)))
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(all).join();
        assertThat(order).isSorted().hasSize(1_000);
        assertThat(store.journal(id(1)))
                .extracting(record -> record.key().path())
                .containsExactlyElementsOf(IntStream.range(0, 1_000)
                        .mapToObj(i -> "s[" + i + "]/x")
                        .toList());
    }

    @Test
    void aSecondRecordOfAKeyFailsAloneAndChangesNothing() {
        start(1);
        start(2);
        CompletableFuture<Void> first = store.record(id(1), completed("fetch"));
        CompletableFuture<Void> second = store.record(id(1), completed("fetch", json("\"other\"")));
        CompletableFuture<Void> other = store.record(id(2), completed("fetch"));
        CompletableFuture<Void> next = store.record(id(1), completed("schedule"));

        first.join();
        other.join();
        next.join();
        assertThatThrownBy(second::join).hasCauseInstanceOf(DuplicateRecord.class);
        assertThat(store.journal(id(1))).containsExactly(completed("fetch"), completed("schedule"));
    }

    @Test
    void aWriteForARunThatIsNotThereFailsAlone() {
        start(1);
        CompletableFuture<Void> before = store.record(id(1), completed("a"));
        CompletableFuture<Void> astray = store.record(id(9), completed("a"));
        CompletableFuture<Void> after = store.record(id(1), completed("b"));
        before.join();
        after.join();
        assertThat(astray).failsWithin(java.time.Duration.ofSeconds(10));
        assertThat(store.journal(id(9))).isEmpty();
        assertThat(store.journal(id(1))).hasSize(2);
    }

    @Test
    void aChangeAppliesOnceForARevisionTogetherWithAllThatItCarries() {
        start(1);
        StepError error = new StepError("java.lang.Error", "broken", "fetch");
        StateChange parked = new StateChange(
                id(1),
                0,
                RunState.PARKED,
                List.of(completed("a"), handled("b")),
                null,
                error,
                "{\"x\":1}",
                false,
                NOON);
        assertThat(store.change(parked).join()).isTrue();
        assertThat(found(1))
                .extracting(Run::state, Run::revision, Run::error, Run::attributes, Run::updatedAt, Run::endedAt)
                .containsExactly(RunState.PARKED, 1L, error, "{\"x\":1}", NOON, NOON);
        assertThat(store.journal(id(1))).containsExactly(completed("a"), handled("b"));

        StateChange retried =
                new StateChange(id(1), 1, RunState.RUNNING, List.of(), null, null, null, true, NOON.plusSeconds(1));
        assertThat(store.change(retried).join()).isTrue();
        assertThat(found(1))
                .extracting(Run::state, Run::revision, Run::error, Run::attributes, Run::retries, Run::endedAt)
                .containsExactly(RunState.RUNNING, 2L, null, "{\"x\":1}", 1, null);

        Payload output = json("{\"ok\":true}");
        StateChange completed = new StateChange(
                id(1), 2, RunState.COMPLETED, List.of(), output, null, null, false, NOON.plusSeconds(2));
        assertThat(store.change(completed).join()).isTrue();
        assertThat(found(1))
                .extracting(Run::state, Run::revision, Run::output, Run::retries, Run::endedAt)
                .containsExactly(RunState.COMPLETED, 3L, output, 1, NOON.plusSeconds(2));
    }

    @Test
    void aChangeOfAnotherRevisionWritesNothing() {
        start(1);
        assertThat(store.change(change(1, 1, RunState.COMPLETED, completed("a")))
                        .join())
                .isFalse();
        assertThat(store.change(change(9, 0, RunState.COMPLETED)).join()).isFalse();
        assertThat(found(1)).extracting(Run::state, Run::revision).containsExactly(RunState.RUNNING, 0L);
        assertThat(store.journal(id(1))).isEmpty();
    }

    @Test
    void ofConcurrentChangesOfARevisionOneApplies() {
        start(1);
        List<CompletableFuture<Boolean>> changes = IntStream.range(0, 50)
                .mapToObj(i -> store.change(change(1, 0, RunState.WAITING, completed("s[" + i + "]/x"))))
                .toList();
        assertThat(changes.stream().filter(CompletableFuture::join)).hasSize(1);
        assertThat(store.journal(id(1))).containsExactly(completed("s[0]/x"));
    }

    @Test
    void aChangeThatCarriesASecondRecordOfAKeyWritesNothing() {
        start(1);
        store.record(id(1), completed("a")).join();
        CompletableFuture<Void> before = store.record(id(1), completed("b"));
        CompletableFuture<Boolean> change =
                store.change(change(1, 0, RunState.COMPLETED, completed("c"), completed("a")));
        CompletableFuture<Void> after = store.record(id(1), completed("d"));
        before.join();
        after.join();
        assertThatThrownBy(change::join).hasCauseInstanceOf(DuplicateRecord.class);
        assertThat(found(1).state()).isEqualTo(RunState.RUNNING);
        assertThat(store.journal(id(1))).containsExactly(completed("a"), completed("b"), completed("d"));
    }

    @ParameterizedTest
    @EnumSource(
            value = RunState.class,
            names = {"COMPLETED", "FAILED", "CANCELLED", "COMPENSATED"})
    void aFinalStateNeverChanges(RunState last) {
        start(1);
        store.change(change(1, 0, last)).join();
        Run before = found(1);
        assertThat(store.change(change(1, 1, RunState.RUNNING, completed("a"))).join())
                .isFalse();
        store.saveAttributes(id(1), "{\"late\":1}").join();
        assertThatThrownBy(() -> sql(directory, "UPDATE run SET state = 'RUNNING' WHERE id = '" + id(1) + "'"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("a final state never changes");
        assertThat(found(1)).isEqualTo(before);
        assertThat(store.journal(id(1))).isEmpty();
    }

    @Test
    void recordsAndOpenRunsStayAgainstSqlToo() {
        start(1);
        store.record(id(1), completed("a")).join();
        for (String statement : List.of(
                "UPDATE step SET key = 'b'",
                "DELETE FROM step WHERE run_id = '" + id(1) + "'",
                "DELETE FROM run WHERE id = '" + id(1) + "'")) {
            assertThatThrownBy(() -> sql(directory, statement))
                    .as(statement)
                    .isInstanceOf(SQLException.class)
                    .hasMessageMatching("(?s).*(never changes|cannot be deleted).*");
        }
        assertThat(store.journal(id(1))).containsExactly(completed("a"));
    }

    @Test
    void aRepeatedStartFindsItsRun() {
        assertThat(store.start(run(1, "sync", "k", "h", null)).join()).isEqualTo(new Started(id(1)));
        assertThat(store.start(run(2, "sync", "k", "h", null)).join()).isEqualTo(new Existing(id(1)));
        assertThat(store.start(run(3, "sync", "k", "other", null)).join()).isEqualTo(new KeyConflict(id(1)));
        assertThat(store.start(run(4, "report", "k", "h", null)).join()).isEqualTo(new Started(id(4)));
        store.change(change(1, 0, RunState.COMPLETED)).join();
        reopen();
        assertThat(store.start(run(5, "sync", "k", "h", null)).join()).isEqualTo(new Existing(id(1)));
        assertThat(store.list(new RunQuery(Optional.empty(), Optional.empty(), Optional.empty(), 10)))
                .extracting(Run::id)
                .containsExactly(id(4), id(1));
    }

    /** R18 on one node. */
    @Test
    void twoHundredConcurrentStartsWithAKeyMakeOneRun() throws InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        List<CompletableFuture<StartOutcome>> outcomes = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = IntStream.range(0, 8)
                .mapToObj(thread -> new Thread(() -> {
                    awaitUninterruptibly(go);
                    for (int i = 0; i < 25; i++) {
                        outcomes.add(store.start(run(thread * 25 + i, "sync", "k", "h", null)));
                    }
                }))
                .toList();
        threads.forEach(Thread::start);
        go.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        List<StartOutcome> answers =
                outcomes.stream().map(CompletableFuture::join).toList();
        assertThat(answers).hasSize(200);
        List<String> started = answers.stream()
                .filter(Started.class::isInstance)
                .map(answer -> ((Started) answer).runId())
                .toList();
        assertThat(started).hasSize(1);
        assertThat(answers.stream().filter(Existing.class::isInstance))
                .hasSize(199)
                .allMatch(new Existing(started.get(0))::equals);
        assertThat(store.start(run(999, "sync", "k", "other", null)).join()).isEqualTo(new KeyConflict(started.get(0)));
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void anIdIsUsedOnce() {
        start(1);
        CompletableFuture<StartOutcome> again = store.start(run(1));
        start(2);
        assertThatThrownBy(again::join).hasCauseInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void oneRunHoldsASingletonUntilItEndsOrIsParked() {
        assertThat(store.start(run(1, "sync", null, null, "sync")).join()).isEqualTo(new Started(id(1)));
        assertThat(store.start(run(2, "sync", null, null, "sync")).join()).isEqualTo(new Busy(id(1)));
        store.change(change(1, 0, RunState.WAITING)).join();
        assertThat(store.start(run(2, "sync", null, null, "sync")).join()).isEqualTo(new Busy(id(1)));
        store.change(change(1, 1, RunState.RUNNING)).join();
        store.change(change(1, 2, RunState.PARKED)).join();
        assertThat(store.start(run(2, "sync", null, null, "sync")).join()).isEqualTo(new Started(id(2)));

        // Taking it again has to wait until the other has given it back.
        assertThat(store.change(change(1, 3, RunState.RUNNING, completed("a"))).join())
                .isFalse();
        assertThat(found(1)).extracting(Run::state, Run::revision).containsExactly(RunState.PARKED, 3L);
        assertThat(store.journal(id(1))).isEmpty();
        store.change(change(2, 0, RunState.COMPLETED)).join();
        assertThat(store.change(change(1, 3, RunState.RUNNING)).join()).isTrue();
        assertThat(store.start(run(3, "sync", null, null, "sync")).join()).isEqualTo(new Busy(id(1)));
    }

    @Test
    void aLargeBodyComesBackAsAReferenceWithTheSameBytes() throws IOException {
        byte[] large = Sample.bytes(50 * 1024 * 1024, 1);
        Payload body = new Payload.Inline(Payload.Kind.BYTES, large);
        start(1);
        store.record(id(1), completed("a", body)).join();
        reopen();
        StepRecord record = store.journal(id(1)).get(0);
        Payload restored = ((StepRecord.Completed) record.outcome()).body();
        assertThat(restored).isInstanceOf(Payload.Stored.class);
        assertThat(restored.kind()).isEqualTo(Payload.Kind.BYTES);
        assertThat(restored.length()).isEqualTo(large.length);
        assertThat(read(restored)).isEqualTo(large);
    }

    private byte[] read(Payload payload) throws IOException {
        try (InputStream in = store.openBlob(((Payload.Stored) payload).blobId())) {
            return in.readAllBytes();
        }
    }

    @Test
    void inputsAndOutputsOfAnyLengthComeBack() throws IOException {
        int number = 0;
        for (int length : new int[] {
            0,
            1_024,
            1_025,
            RunStore.INLINE_BYTES,
            RunStore.INLINE_BYTES + 1,
            RunStore.BLOB_PIECE_BYTES,
            2 * RunStore.BLOB_PIECE_BYTES + 1
        }) {
            Payload body = new Payload.Inline(Payload.Kind.TEXT, Sample.bytes(length, length));
            number++;
            store.start(new NewRun(id(number), "sync", "v1", RunState.RUNNING, body, null, null, null, null, NOON))
                    .join();
            store.change(new StateChange(id(number), 0, RunState.COMPLETED, List.of(), body, null, null, false, NOON))
                    .join();
            Run run = found(number);
            for (Payload restored : new Payload[] {run.input(), run.output()}) {
                if (length <= RunStore.INLINE_BYTES) {
                    assertThat(restored).isEqualTo(body);
                } else {
                    assertThat(restored.kind()).isEqualTo(Payload.Kind.TEXT);
                    assertThat(read(restored)).isEqualTo(((Payload.Inline) body).bytes());
                }
            }
        }
    }

    @Test
    void aStreamIsAppendedInPiecesAndReferenced() throws IOException {
        start(1);
        for (int piece = 0; piece < 3; piece++) {
            store.appendBlob(id(1) + "/stream-1", piece, Sample.bytes(1_000, piece))
                    .join();
        }
        assertThatThrownBy(() ->
                        store.appendBlob(id(1) + "/stream-1", 4, new byte[1]).join())
                .hasCauseInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() ->
                        store.appendBlob(id(1) + "/stream-1", 2, new byte[1]).join())
                .hasCauseInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.appendBlob(id(1) + "/stream-1", 3, new byte[RunStore.BLOB_PIECE_BYTES + 1])
                        .join())
                .hasCauseInstanceOf(IllegalArgumentException.class);
        Payload body = new Payload.Stored(Payload.Kind.STREAM, id(1) + "/stream-1", 3_000);
        store.record(id(1), completed("a", body)).join();

        assertThat(store.journal(id(1))).containsExactly(completed("a", body));
        byte[] bytes = read(body);
        for (int piece = 0; piece < 3; piece++) {
            assertThat(java.util.Arrays.copyOfRange(bytes, piece * 1_000, (piece + 1) * 1_000))
                    .isEqualTo(Sample.bytes(1_000, piece));
        }
        assertThatThrownBy(() -> store.openBlob("no-such")).isInstanceOf(StoreUnavailable.class);
    }

    @Test
    void aFollowerGetsWhatCameAfterItsPosition() {
        start(1);
        start(2);
        for (int i = 0; i < 10; i++) {
            store.record(id(1), completed("s[" + i + "]/x"));
            store.record(id(2), completed("s[" + i + "]/x")).join();
        }
        List<SequencedRecord> all = store.journalAfter(id(1), 0, 100);
        assertThat(all).extracting(SequencedRecord::record).containsExactlyElementsOf(store.journal(id(1)));
        assertThat(all).extracting(SequencedRecord::sequence).isSorted().doesNotHaveDuplicates();
        assertThat(store.journalAfter(id(1), all.get(3).sequence(), 4)).isEqualTo(all.subList(4, 8));
        assertThat(store.journalAfter(id(1), all.get(9).sequence(), 4)).isEmpty();
        assertThat(store.journalAfter(id(2), 0, 100))
                .extracting(SequencedRecord::sequence)
                .doesNotContainAnyElementsOf(
                        all.stream().map(SequencedRecord::sequence).toList());
    }

    @Test
    void listsAreFilteredNewestFirstAndPaged() {
        for (int i = 0; i < 20; i++) {
            store.start(run(i, i % 2 == 0 ? "even" : "odd", null, null, null)).join();
            if (i % 5 == 0) {
                store.change(change(i, 0, RunState.COMPLETED)).join();
            }
        }
        assertThat(list(Optional.empty(), Optional.empty(), Optional.empty(), 3))
                .containsExactly(id(19), id(18), id(17));
        assertThat(list(Optional.empty(), Optional.empty(), Optional.of(id(17)), 2))
                .containsExactly(id(16), id(15));
        assertThat(list(Optional.of("even"), Optional.empty(), Optional.of(id(4)), 500))
                .containsExactly(id(2), id(0));
        assertThat(list(Optional.empty(), Optional.of(RunState.COMPLETED), Optional.empty(), 500))
                .containsExactly(id(15), id(10), id(5), id(0));
        assertThat(list(Optional.of("odd"), Optional.of(RunState.COMPLETED), Optional.of(id(15)), 500))
                .containsExactly(id(5));
        assertThat(list(Optional.of("none"), Optional.empty(), Optional.empty(), 500))
                .isEmpty();
        assertThat(store.list(RunQuery.latest("odd"))).singleElement().satisfies(run -> {
            assertThat(run.id()).isEqualTo(id(19));
            assertThat(run.input()).isEqualTo(Payload.NONE);
        });
    }

    private List<String> list(
            Optional<String> orchestration, Optional<RunState> state, Optional<String> before, int limit) {
        return store.list(new RunQuery(orchestration, state, before, limit)).stream()
                .map(Run::id)
                .toList();
    }

    @Test
    void whatHasToGoOnIsListedOldestFirst() {
        List<String> expected = new ArrayList<>();
        int number = 0;
        for (RunState state : RunState.values()) {
            number++;
            store.start(run(number)).join();
            if (state != RunState.RUNNING) {
                store.change(change(number, 0, state)).join();
            }
            if (state.isResumable()) {
                expected.add(id(number));
            }
        }
        reopen();
        assertThat(store.resumable()).containsExactlyElementsOf(expected);
    }

    @Test
    void aRunThatCannotBeReadHoldsUpNoOther() throws SQLException {
        start(1);
        start(2);
        start(3);
        start(4);
        sql(directory, "UPDATE run SET attributes = '{broken' WHERE id = '" + id(2) + "'");
        sql(directory, "UPDATE run SET input_kind = 'HOLOGRAM' WHERE id = '" + id(3) + "'");
        assertThat(store.resumable()).containsExactly(id(1), id(4));
        assertThat(list(Optional.empty(), Optional.empty(), Optional.empty(), 2))
                .containsExactly(id(4), id(1));
        assertThatThrownBy(() -> store.find(id(2)))
                .isInstanceOf(StoreUnavailable.class)
                .hasMessageContaining(id(2));
        assertThat(found(4).state()).isEqualTo(RunState.RUNNING);
    }

    @Test
    void aVersionIsKeptAsItWasFirstSaved() {
        Definition first =
                new Definition("sync", "v1", "sync/sync.camel.yaml", "- route: {}", "{\"SIZE\":\"1\"}", NOON);
        store.saveDefinition(first).join();
        store.saveDefinition(new Definition("sync", "v1", "other", "other", "{}", NOON))
                .join();
        reopen();
        assertThat(store.findDefinition("sync", "v1")).contains(first);
        assertThat(store.findDefinition("sync", "v2")).isEmpty();
        assertThat(store.findDefinition("other", "v1")).isEmpty();
    }

    @Test
    void aClosedStoreWritesWhatWasQueuedAndTakesNothingMore() {
        start(1);
        CompletableFuture<Void> last = store.record(id(1), completed("a"));
        store.close();
        assertThat(last).isCompleted();
        assertThat(store.isWritable()).isFalse();
        assertThatThrownBy(() -> store.record(id(1), completed("b")).join()).hasCauseInstanceOf(StoreUnavailable.class);
        assertThatThrownBy(() -> store.find(id(1))).isInstanceOf(StoreUnavailable.class);
        store = open(directory);
        assertThat(store.isWritable()).isTrue();
        assertThat(store.journal(id(1))).containsExactly(completed("a"));
        assertThat(store.find(id(7))).isEmpty();
    }
}
