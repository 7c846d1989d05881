package dev.segno.spec;

import static dev.segno.spec.Sample.NOON;
import static dev.segno.spec.Sample.change;
import static dev.segno.spec.Sample.completed;
import static dev.segno.spec.Sample.handled;
import static dev.segno.spec.Sample.id;
import static dev.segno.spec.Sample.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segno.run.DeadLetterCause;
import dev.segno.run.DeadLetterQuery;
import dev.segno.run.DuplicateRecord;
import dev.segno.run.Edit;
import dev.segno.run.Fork;
import dev.segno.run.ManualRetry;
import dev.segno.run.NewRun;
import dev.segno.run.ParentLink;
import dev.segno.run.Payload;
import dev.segno.run.Repin;
import dev.segno.run.Run;
import dev.segno.run.RunState;
import dev.segno.run.StartOutcome;
import dev.segno.run.StateChange;
import dev.segno.run.StepError;
import dev.segno.run.StepKey;
import dev.segno.run.StepRecord;
import dev.segno.run.StoreUnavailable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every {@link dev.segno.run.DeadLetterStore} promises. */
public abstract class DeadLetterStoreContract extends StoreContract {

    private static final Payload.Inline BODY =
            new Payload.Inline(Payload.Kind.TEXT, "edited".getBytes(StandardCharsets.UTF_8));

    private void dead(int number, RunState state, StepError error) {
        dead(run(number), number, state, error);
    }

    private void dead(NewRun run, int number, RunState state, StepError error) {
        store.start(run).join();
        StateChange change = new StateChange(
                run.id(), 0, state, List.of(), null, error, null, false, NOON.plusSeconds(100L * number));
        assertThat(store.change(change).join()).isTrue();
    }

    private static StepError error(String type, String message, @Nullable String step) {
        return new StepError(type, message, step);
    }

    private static final StepError REFUSED = error("java.net.ConnectException", "refused", "fetch");

    private Run found(int number) {
        return store.find(id(number)).orElseThrow();
    }

    private static Edit edit(String key, int retry) {
        return new Edit(new StepKey(key), retry, BODY, "{\"size\":3}", NOON);
    }

    private boolean retry(int run, long revision, @Nullable Edit edit, @Nullable Repin repin) {
        return store.deadLetters()
                .retry(new ManualRetry(id(run), revision, edit, repin, NOON.plusSeconds(200)))
                .join();
    }

    @Test
    void aRetryIsWrittenWithItsEditAndItsVersion() {
        dead(1, RunState.PARKED, REFUSED);
        Repin repin = new Repin(1, "v1", "v2", NOON);

        assertThat(retry(1, 1, edit("fetch", 1), repin)).isTrue();
        reopen();

        assertThat(found(1))
                .extracting(Run::state, Run::version, Run::retries, Run::revision, Run::error, Run::endedAt)
                .containsExactly(RunState.RUNNING, "v2", 1, 2L, null, null);
        assertThat(store.deadLetters().edits(id(1))).containsExactly(edit("fetch", 1));
        assertThat(store.deadLetters().repins(id(1))).containsExactly(repin);
        assertThat(store.resumable()).containsExactly(id(1));
    }

    @Test
    void anEditMayChangeTheBodyOrTheVariablesAlone() {
        dead(1, RunState.PARKED, REFUSED);
        Edit none = new Edit(new StepKey("fetch"), 1, (Payload.Inline) Payload.NONE, null, NOON);
        Edit variables = new Edit(new StepKey("fetch"), 2, null, "{}", NOON);
        retry(1, 1, none, null);
        store.change(change(1, 2, RunState.PARKED)).join();
        retry(1, 3, variables, null);

        assertThat(store.deadLetters().edits(id(1))).containsExactly(none, variables);
    }

    @Test
    void aRetryOfARunThatWasChangedMeanwhileWritesNothing() {
        dead(1, RunState.PARKED, REFUSED);
        Run before = found(1);

        assertThat(retry(1, 0, edit("fetch", 1), new Repin(1, "v1", "v2", NOON)))
                .isFalse();

        assertThat(found(1)).isEqualTo(before);
        assertThat(store.deadLetters().edits(id(1))).isEmpty();
        assertThat(store.deadLetters().repins(id(1))).isEmpty();
    }

    @Test
    void aRetryThatWouldTakeATakenSingletonWritesNothing() {
        dead(run(1, "sync", null, null, "sync"), 1, RunState.PARKED, REFUSED);
        store.start(run(2, "sync", null, null, "sync")).join();

        assertThat(retry(1, 1, edit("fetch", 1), null)).isFalse();

        assertThat(found(1).state()).isEqualTo(RunState.PARKED);
        assertThat(store.deadLetters().edits(id(1))).isEmpty();
    }

    @Test
    void damageIsNotSealedAnewByAnotherVersion() throws Exception {
        dead(1, RunState.PARKED, REFUSED);
        sql(directory, "UPDATE run SET orchestration = 'other' WHERE id = '" + id(1) + "'");

        assertThatThrownBy(() -> retry(1, 1, null, new Repin(1, "v1", "v2", NOON)))
                .hasMessageContaining("wrong checksum");

        assertThatThrownBy(() -> found(1)).isInstanceOf(StoreUnavailable.class);
        assertThat(store.resumable()).isEmpty();
    }

    @Test
    void aDamagedEditIsNotApplied() throws Exception {
        dead(1, RunState.PARKED, REFUSED);
        retry(1, 1, edit("fetch", 1), null);
        assertThatThrownBy(() -> sql(directory, "UPDATE edit SET variables = '{}'"))
                .hasMessageContaining("an edit never changes");
        sql(directory, "DROP TRIGGER edits_stay");
        sql(directory, "UPDATE edit SET variables = '{\"size\":4}'");

        assertThatThrownBy(() -> store.deadLetters().edits(id(1))).isInstanceOf(StoreUnavailable.class);
    }

    private static NewRun forkOf(int origin, int number, @Nullable String singleton) {
        NewRun run = run(number, "sync", null, null, singleton);
        return new NewRun(
                run.id(),
                run.orchestration(),
                run.version(),
                run.state(),
                run.input(),
                run.headers(),
                null,
                null,
                singleton,
                run.createdAt(),
                new ParentLink(id(origin), new StepKey("schedule"), ParentLink.Kind.FORK),
                null);
    }

    private StartOutcome fork(NewRun run, StepRecord... records) {
        return store.deadLetters()
                .fork(new Fork(run, 3, List.of(records), List.of(edit("schedule", 3))))
                .join();
    }

    @Test
    void aForkIsWrittenWithItsJournalItsEditsAndItsLink() {
        dead(1, RunState.PARKED, REFUSED);

        assertThat(fork(forkOf(1, 2, null), completed("fetch"), handled("check")))
                .isEqualTo(new StartOutcome.Started(id(2)));
        reopen();

        assertThat(found(2)).extracting(Run::state, Run::retries).containsExactly(RunState.RUNNING, 3);
        assertThat(store.journal(id(2))).containsExactly(completed("fetch"), handled("check"));
        assertThat(store.deadLetters().edits(id(2))).containsExactly(edit("schedule", 3));
        assertThat(store.parentOf(id(2)))
                .contains(new ParentLink(id(1), new StepKey("schedule"), ParentLink.Kind.FORK));
        assertThat(store.childrenOf(id(1), ParentLink.Kind.FORK)).containsExactly(id(2));
        assertThat(store.journal(id(1))).isEmpty();
    }

    @Test
    void aForkIsWrittenAsAWholeOrNotAtAll() {
        dead(1, RunState.PARKED, REFUSED);
        NewRun run = forkOf(1, 2, null);

        assertThatThrownBy(() -> fork(run, completed("fetch"), completed("fetch")))
                .hasCauseInstanceOf(DuplicateRecord.class);

        assertThat(store.find(id(2))).isEmpty();
        assertThat(store.journal(id(2))).isEmpty();
        assertThat(store.childrenOf(id(1), ParentLink.Kind.FORK)).isEmpty();
    }

    @Test
    void aForkOfABusySingletonWritesNothing() {
        store.start(run(1, "sync", null, null, "sync")).join();

        assertThat(fork(forkOf(1, 2, "sync"), completed("fetch"))).isEqualTo(new StartOutcome.Busy(id(1)));

        assertThat(store.find(id(2))).isEmpty();
        assertThat(store.journal(id(2))).isEmpty();
    }

    private List<String> listed(
            @Nullable String orchestration, @Nullable String step, @Nullable String type, @Nullable String before) {
        return store
                .deadLetters()
                .list(new DeadLetterQuery(
                        Optional.ofNullable(orchestration),
                        Optional.ofNullable(step),
                        Optional.ofNullable(type),
                        Optional.ofNullable(before),
                        2))
                .stream()
                .map(Run::id)
                .toList();
    }

    @Test
    void deadLettersAreListedNewestFirstByWhatTheyAre() {
        dead(1, RunState.PARKED, REFUSED);
        dead(2, RunState.BLOCKED, error("Blocked", "differs", null));
        store.start(run(3)).join();
        dead(run(4, "other", null, null, null), 4, RunState.PARKED, error("java.io.IOException", "gone", "load"));
        dead(5, RunState.FAILED, REFUSED);
        dead(6, RunState.PARKED, REFUSED);

        assertThat(listed(null, null, null, null)).containsExactly(id(6), id(4));
        assertThat(listed(null, null, null, id(4))).containsExactly(id(2), id(1));
        assertThat(listed("sync", null, null, null)).containsExactly(id(6), id(2));
        assertThat(listed(null, "load", null, null)).containsExactly(id(4));
        assertThat(listed(null, null, "ConnectException", null)).containsExactly(id(6), id(1));
        assertThat(listed(null, null, "java.io.IOException", null)).containsExactly(id(4));
        assertThat(listed(null, null, "Exception", null)).isEmpty();
        assertThat(listed("other", "fetch", null, null)).isEmpty();
        retry(6, 1, null, null);
        assertThat(listed("sync", "fetch", null, null)).containsExactly(id(1));
    }

    @Test
    void causesCountTheDeadLettersThatSayTheSame() {
        dead(1, RunState.PARKED, REFUSED);
        dead(2, RunState.BLOCKED, error("Blocked", "differs", null));
        dead(3, RunState.PARKED, REFUSED);
        dead(4, RunState.FAILED, REFUSED);

        List<DeadLetterCause> causes = new ArrayList<>();
        store.deadLetters().causes(causes::add);

        DeadLetterCause refused =
                new DeadLetterCause("sync", REFUSED, 2, NOON.plusSeconds(100), NOON.plusSeconds(300), id(1), id(3));
        DeadLetterCause blocked = new DeadLetterCause(
                "sync",
                error("Blocked", "differs", null),
                1,
                NOON.plusSeconds(200),
                NOON.plusSeconds(200),
                id(2),
                id(2));
        assertThat(causes).containsExactlyInAnyOrder(refused, blocked);
        assertThat(store.deadLetters().runsOf(refused, 10)).containsExactly(id(1), id(3));
        assertThat(store.deadLetters().runsOf(refused, 1)).containsExactly(id(1));
        assertThat(store.deadLetters().runsOf(blocked, 10)).containsExactly(id(2));
    }
}
