package dev.segno.run;

import static dev.segno.run.DrivenNode.Effects.failed;
import static dev.segno.run.DrivenNode.Effects.text;
import static dev.segno.run.Script.onException;
import static dev.segno.run.Script.outer;
import static dev.segno.run.Script.parallel;
import static dev.segno.run.Script.saga;
import static dev.segno.run.Script.sequence;
import static dev.segno.run.Script.step;
import static dev.segno.run.Script.then;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.net.ConnectException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of runs that stand: retry with edited input or on another version, fork, give up, and all of a group. */
class DeadLettersTest {

    private static final EditedInput EDITED = new EditedInput(text("edited"), "{\"size\":3}");

    private final List<List<Edit>> seen = new ArrayList<>();
    private DrivenNode node;

    @BeforeEach
    void open(@TempDir Path directory) {
        node = new DrivenNode(directory);
    }

    @AfterEach
    void close() {
        node.close();
    }

    /** Notes what the step would be entered with. */
    private Script.Op look(String step) {
        return then(execution -> seen.add(execution.editsOf(new StepKey(step))));
    }

    private Script fetchThenSchedule() {
        return Script.of("sync", node.effects, sequence(step("fetch"), look("schedule"), step("schedule")));
    }

    private void refuse(String key) {
        node.effects.on(key, attempt -> failed(new ConnectException("refused"), Verdict.NEVER, RetryPolicy.ONCE));
    }

    private String parkedAt(String key) {
        refuse(key);
        String run = node.start("sync");
        assertThat(node.run(run).state()).isEqualTo(RunState.PARKED);
        node.effects.clearLog();
        return run;
    }

    private void retry(String run, @Nullable EditedInput edit, boolean newest) {
        node.await(node.engine().deadLetters().retry(new RetryRequest(run, edit, newest)));
        node.settle();
    }

    private String fork(String run, String from, @Nullable EditedInput edit, boolean newest) {
        String fork =
                node.await(node.engine().deadLetters().fork(new ForkRequest(run, new StepKey(from), edit, newest)));
        node.settle();
        return fork;
    }

    private Rehearsal rehearse(String run) {
        return node.await(node.engine().deadLetters().rehearse(new RetryRequest(run, null, true)));
    }

    @Test
    void aRunThatIsGivenUpHasFailedAndKeepsItsErrorAndItsJournal() {
        node.load(fetchThenSchedule());
        String run = parkedAt("schedule");
        StepError error = node.run(run).error();
        var result = node.engine().finalResult(run);

        node.await(node.engine().deadLetters().giveUp(run));

        assertThat(node.run(run)).extracting(Run::state, Run::error).containsExactly(RunState.FAILED, error);
        assertThat(node.await(result)).isEqualTo(new RunResult(run, RunState.FAILED, null, error));
        assertThat(node.journal(run)).containsExactly("fetch");
        assertThatThrownBy(() -> node.engine().deadLetters().giveUp(run))
                .isInstanceOf(RunConflict.class)
                .hasMessageContaining("FAILED");
        assertThatThrownBy(() -> node.engine().retry(run)).isInstanceOf(RunConflict.class);
    }

    @Test
    void aRunThatStandsInsideAStepOfASagaIsUndoneWhenItIsGivenUp() {
        node.load(Script.of(
                "sync",
                node.effects,
                saga("order", outer("all", RetryPolicy.ONCE, sequence(step("reserve"), step("pay"))))));
        String run = parkedAt("all/pay");

        node.await(node.engine().deadLetters().giveUp(run));
        node.settle();

        assertThat(node.run(run).state()).isEqualTo(RunState.COMPENSATED);
        assertThat(node.effects.log()).containsExactly("compensation/order#1");
    }

    @Test
    void aBlockedRunCanBeGivenUp() {
        Script script = fetchThenSchedule();
        node.load(script);
        String run = parkedAt("schedule");
        node.forget(script);
        node.await(node.engine().retry(run));
        node.settle();
        assertThat(node.run(run).state()).isEqualTo(RunState.BLOCKED);

        node.await(node.engine().deadLetters().giveUp(run));

        assertThat(node.run(run).state()).isEqualTo(RunState.FAILED);
    }

    @Test
    void anEditIsThereForItsStepAndSurvivesACrashBeforeThat() {
        node.load(fetchThenSchedule());
        String run = parkedAt("schedule");
        seen.clear();

        node.engine().deadLetters().retry(new RetryRequest(run, EDITED, false)).join();
        assertThat(seen).as("nothing has gone on yet").isEmpty();
        node.restart();

        Edit edit = new Edit(new StepKey("schedule"), 1, EDITED.body(), EDITED.variables(), DrivenNode.NOON);
        assertThat(seen).containsExactly(List.of(edit));
        assertThat(node.effects.log()).containsExactly("schedule#2");
        assertThat(node.store().deadLetters().edits(run)).containsExactly(edit);
    }

    @Test
    void editsOfOneStepComeOnTopOfEachOtherAndAPlainRetryKeepsThem() {
        List<Integer> numbers = new ArrayList<>();
        node.load(Script.of(
                "sync",
                node.effects,
                sequence(
                        step("fetch"),
                        look("schedule"),
                        then(execution -> numbers.add(execution.editedBy(new StepKey("schedule/inner")))),
                        step("schedule"))));
        String run = parkedAt("schedule");
        retry(run, EDITED, false);
        retry(run, new EditedInput(null, "{\"size\":4}"), false);
        retry(run, null, false);

        assertThat(numbers).containsExactly(0, 1, 2, 2);
        assertThat(seen.get(3)).extracting(Edit::retry).containsExactly(1, 2);
        assertThat(node.run(run).retries()).isEqualTo(3);
    }

    @Test
    void aRunThatFailedOutsideOfAStepHasNoInputToEdit() {
        node.load(Script.of(
                "sync", node.effects, sequence(step("fetch"), Script.fail(new IllegalStateException("no such key")))));
        String run = node.start("sync");

        assertThatThrownBy(() -> retry(run, EDITED, false))
                .isInstanceOf(RunConflict.class)
                .hasMessageContaining("fork");
        assertThat(node.run(run)).extracting(Run::state, Run::retries).containsExactly(RunState.PARKED, 0);
    }

    @Test
    void aForkDoesAgainWhatItsFirstStepAndThoseBehindItDid() {
        node.load(Script.of(
                "sync",
                node.effects,
                sequence(step("fetch"), step("check"), look("schedule"), step("schedule"), step("report"))));
        String origin = node.start("sync");
        Run before = node.run(origin);
        assertThat(before.state()).isEqualTo(RunState.COMPLETED);
        node.effects.clearLog();
        seen.clear();

        String fork = fork(origin, "schedule", EDITED, false);

        assertThat(node.effects.log()).containsExactly("schedule#1", "report#1");
        assertThat(node.run(fork).state()).isEqualTo(RunState.COMPLETED);
        assertThat(node.run(fork)).extracting(Run::input, Run::version).containsExactly(before.input(), "v1");
        assertThat(node.journal(fork)).containsExactly("fetch", "check", "schedule", "report");
        assertThat(node.store().journal(fork).subList(0, 2))
                .isEqualTo(node.store().journal(origin).subList(0, 2));
        assertThat(seen)
                .singleElement()
                .satisfies(edits -> assertThat(edits).extracting(Edit::body).containsExactly(EDITED.body()));
        assertThat(node.store().parentOf(fork))
                .contains(new ParentLink(origin, new StepKey("schedule"), ParentLink.Kind.FORK));
        assertThat(node.store().childrenOf(origin, ParentLink.Kind.FORK)).containsExactly(fork);
        assertThat(node.run(origin)).as("history is never rewritten").isEqualTo(before);
    }

    @Test
    void aForkSurvivesACrashBeforeItsFirstStep() {
        node.load(fetchThenSchedule());
        String origin = parkedAt("schedule");
        String fork = node.engine()
                .deadLetters()
                .fork(new ForkRequest(origin, new StepKey("schedule"), null, false))
                .join();
        node.effects.heal("schedule");

        node.restart();

        assertThat(node.effects.log()).containsExactly("schedule#1");
        assertThat(node.run(fork).state()).isEqualTo(RunState.COMPLETED);
        assertThat(node.run(origin).state()).isEqualTo(RunState.PARKED);
    }

    @Test
    void aForkFromAStepWithStepsInItDoesThemAgainAndOneFromInsideKeepsThoseBefore() {
        node.load(Script.of(
                "sync",
                node.effects,
                sequence(step("fetch"), outer("all", RetryPolicy.ONCE, sequence(step("reserve"), step("pay"))))));
        String origin = node.start("sync");
        node.effects.clearLog();

        fork(origin, "all", null, false);
        assertThat(node.effects.log()).containsExactly("all#1", "all/reserve#1", "all/pay#1");
        node.effects.clearLog();

        String inside = fork(origin, "all/pay", null, false);
        assertThat(node.effects.log()).containsExactly("all#1", "all/pay#1");
        assertThat(node.journal(inside)).containsExactly("fetch", "all/reserve", "all/pay", "all");
    }

    @Test
    void aParallelSiblingThatWasRecordedLaterIsDoneAgain() {
        node.load(Script.of("sync", node.effects, parallel("p", step("a"), step("b"), step("c"))));
        node.effects.hold("p[1]/b");
        String origin = node.start("sync");
        node.effects.release("p[1]/b");
        node.settle();
        assertThat(node.journal(origin)).containsExactly("p[0]/a", "p[2]/c", "p[1]/b");
        node.effects.clearLog();

        String fork = fork(origin, "p[2]/c", null, false);

        assertThat(node.effects.log()).containsExactlyInAnyOrder("p[1]/b#1", "p[2]/c#1");
        assertThat(node.run(fork).state()).isEqualTo(RunState.COMPLETED);
    }

    @Test
    void whatAHandlerDidInTheOriginIsDoneAnewInTheFork() {
        node.load(Script.of(
                "sync",
                node.effects,
                onException(sequence(step("fetch"), step("schedule")), "any", false, step("tell"))));
        String origin = parkedAt("schedule");
        assertThat(node.journal(origin)).containsExactly("fetch", "onException[0]/tell");

        String fork = fork(origin, "schedule", null, false);

        assertThat(node.effects.log()).containsExactly("schedule#1", "onException[1]/tell#1");
        assertThat(node.run(fork).state()).isEqualTo(RunState.PARKED);
    }

    @Test
    void aForkOfARunUnderWayLeavesItAlone() {
        node.load(fetchThenSchedule());
        node.effects.hold("schedule");
        String origin = node.start("sync");

        String fork = fork(origin, "schedule", null, false);

        assertThat(node.run(fork).state()).isEqualTo(RunState.COMPLETED);
        node.effects.release("schedule");
        node.settle();
        assertThat(node.run(origin).state()).isEqualTo(RunState.COMPLETED);
    }

    @Test
    void onlyAStepThatTheRunHasComeToCanBeForkedFrom() {
        node.load(fetchThenSchedule());
        String run = parkedAt("schedule");

        assertThatThrownBy(() -> fork(run, "shedule", null, false))
                .isInstanceOf(UnknownStep.class)
                .hasMessageContaining("fetch, schedule");
        assertThatThrownBy(() -> fork("unknown", "fetch", null, false)).isInstanceOf(UnknownRun.class);
        assertThat(node.store().childrenOf(run, ParentLink.Kind.FORK)).isEmpty();
    }

    @Test
    void aForkOfASingletonWaitsForNobody() {
        node.load(fetchThenSchedule()
                .with(new Orchestration.Options(true, Orchestration.Durability.STRICT, Orchestration.OnFailure.PARK)));
        String origin = node.start("sync");
        node.effects.hold("fetch");
        String running = node.start("sync");

        assertThatThrownBy(() -> fork(origin, "schedule", null, false))
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(RunConflict.class)
                .hasMessageContaining(running);
    }

    @Test
    void anAwaitIsForkedFromWithoutInput() {
        node.load(Script.of(
                "sync", node.effects, sequence(Script.await("approval", "approved", null), step("schedule"))));
        String origin = node.start("sync");
        node.await(node.engine().signal(new Signal(origin, "1", "approved", text("yes"), DrivenNode.NOON)));
        node.settle();
        assertThat(node.run(origin).state()).isEqualTo(RunState.COMPLETED);

        assertThatThrownBy(() -> fork(origin, "approval", EDITED, false))
                .isInstanceOf(RunConflict.class)
                .hasMessageContaining("await");
        assertThat(node.run(fork(origin, "approval", null, false)).state()).isEqualTo(RunState.WAITING);
    }

    @Test
    void aDryRunSaysWhereTheRunWouldGoOnAndDoesNothing() {
        Script script = fetchThenSchedule();
        node.load(script);
        String run = parkedAt("schedule");
        Run before = node.run(run);
        node.load(script.version("v2", sequence(step("fetch"), step("check"), step("schedule"))));

        Rehearsal rehearsal = rehearse(run);

        assertThat(rehearsal).isEqualTo(new Rehearsal("v2", new StepKey("check"), List.of(), null));
        assertThat(node.effects.log()).isEmpty();
        assertThat(node.run(run)).isEqualTo(before);
        assertThat(node.journal(run)).containsExactly("fetch");
    }

    @Test
    void aJournalThatDoesNotFitTheNewestVersionIsTold() {
        Script script = fetchThenSchedule();
        node.load(script);
        String run = parkedAt("schedule");
        Run before = node.run(run);
        node.load(script.version("v2", sequence(step("load"), step("schedule"))));

        assertThat(rehearse(run).difference()).singleElement().asString().contains("'load'", "[fetch]");
        assertThatThrownBy(() -> retry(run, null, true))
                .hasCauseInstanceOf(ReplayDiffers.class)
                .hasMessageContaining("v2");
        assertThat(node.run(run)).isEqualTo(before);
        assertThat(node.effects.log()).isEmpty();

        node.load(script.version("v3", sequence()));
        assertThat(rehearse(run).difference()).singleElement().asString().contains("end of the route");
        node.load(script.version("v4", sequence(step("fetch"), Script.fail(new IllegalStateException("no key")))));
        assertThat(rehearse(run).difference()).singleElement().asString().contains("no key");
        node.load(script.version("v5", sequence(step("fetch"))));
        assertThat(rehearse(run)).isEqualTo(new Rehearsal("v5", null, List.of(), null));
    }

    @Test
    void aRetryOnTheNewestVersionStaysOnItAndKeepsTheOldOneVisible() {
        Script script = fetchThenSchedule();
        node.load(script);
        String run = parkedAt("schedule");
        Script second = script.version("v2", sequence(step("fetch"), step("check"), step("schedule")));
        node.load(second);

        retry(run, null, true);

        assertThat(node.effects.log()).containsExactly("check#1", "schedule#2");
        assertThat(node.run(run)).extracting(Run::state, Run::version).containsExactly(RunState.PARKED, "v2");
        assertThat(node.store().deadLetters().repins(run)).containsExactly(new Repin(1, "v1", "v2", DrivenNode.NOON));
        node.effects.heal("schedule");
        node.load(script.version("v3", sequence()));
        retry(run, null, false);
        assertThat(node.run(run)).extracting(Run::state, Run::version).containsExactly(RunState.COMPLETED, "v2");
    }

    @Test
    void aForkTakesTheNewestVersionIfItsJournalFits() {
        Script script = fetchThenSchedule();
        node.load(script);
        String run = parkedAt("schedule");
        node.load(script.version("v2", sequence(step("fetch"), step("check"))));

        String fork = fork(run, "schedule", null, true);

        assertThat(node.run(fork)).extracting(Run::state, Run::version).containsExactly(RunState.COMPLETED, "v2");
        assertThat(node.run(run).version()).isEqualTo("v1");
        node.load(script.version("v3", sequence(step("load"))));
        assertThatThrownBy(() -> fork(run, "schedule", null, true)).hasCauseInstanceOf(ReplayDiffers.class);
    }

    @Test
    void allOfAGroupAreRetriedOrGivenUp() {
        node.load(fetchThenSchedule());
        node.effects.on(
                "schedule",
                attempt -> failed(
                        new ConnectException("order " + node.effects.log().size() + " refused"),
                        Verdict.NEVER,
                        RetryPolicy.ONCE));
        List<String> runs = List.of(node.start("sync"), node.start("sync"), node.start("sync"));
        refuse("fetch");
        String other = node.start("sync");
        DeadLetterGroups groups = new DeadLetterGroups(node.engine());

        List<DeadLetterGroup> all = groups.all();
        assertThat(all)
                .extracting(DeadLetterGroup::step, DeadLetterGroup::message, DeadLetterGroup::count)
                .containsExactly(tuple("schedule", "order # refused", 3L), tuple("fetch", "refused", 1L));
        assertThat(all.get(0).examples()).containsExactlyInAnyOrderElementsOf(runs);

        node.effects.heal("schedule");
        DeadLetterGroups.Results retried = groups.retry(all.get(0).id()).orElseThrow();
        node.settle();
        assertThat(retried.results()).extracting(DeadLetterGroups.Result::runId).containsExactlyElementsOf(runs);
        assertThat(retried.results())
                .extracting(DeadLetterGroups.Result::refused)
                .containsOnlyNulls();
        assertThat(retried.left()).isZero();
        assertThat(runs).allSatisfy(run -> assertThat(node.run(run).state()).isEqualTo(RunState.COMPLETED));

        assertThat(groups.giveUp(all.get(1).id()).orElseThrow().results()).hasSize(1);
        node.settle();
        assertThat(node.run(other).state()).isEqualTo(RunState.FAILED);
        assertThat(groups.all()).isEmpty();
        assertThat(groups.retry(all.get(0).id())).isEqualTo(Optional.empty());
    }
}
