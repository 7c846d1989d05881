package dev.segno.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.segno.run.EditedInput;
import dev.segno.run.ForkRequest;
import dev.segno.run.ParentLink;
import dev.segno.run.Payload;
import dev.segno.run.Rehearsal;
import dev.segno.run.ReplayDiffers;
import dev.segno.run.RetryRequest;
import dev.segno.run.Run;
import dev.segno.run.RunState;
import dev.segno.run.StepError;
import dev.segno.run.StepKey;
import dev.segno.run.StepRecord;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Dead letters of routes: what an edit does to an exchange and to the keys of calls, and what a fork shares. */
class DeadLettersTest extends RouteTest {

    private static final String STEPS = """
            - step:
                id: fetch
                steps:
                  - to: effect:fetch
            - setVariable: {name: size, simple: "1"}
            - step:
                id: schedule
                steps:
                  - to: effect:schedule
            - setBody: {simple: "${body} of size ${variable.size}"}
            - step:
                id: report
                steps:
                  - to: effect:report
            """;

    private static EditedInput edit(@Nullable Object body, @Nullable Map<String, Object> variables) {
        return new EditedInput(
                body == null ? null : new Payload.Inline(Payload.Kind.JSON, Json.bytes(body)),
                variables == null ? null : Json.text(variables));
    }

    private void refuse(String effect) {
        harness.world.on(effect, exchange -> {
            throw new ConnectException("refused");
        });
    }

    private Run parked(String run) {
        Run parked = harness.end(run);
        assertThat(parked.state()).as("%s", parked.error()).isEqualTo(RunState.PARKED);
        return parked;
    }

    private void retry(String run, @Nullable EditedInput edit, boolean newest) {
        harness.engine()
                .deadLetters()
                .retry(new RetryRequest(run, edit, newest))
                .join();
    }

    private String fork(String run, String from, @Nullable EditedInput edit) {
        return harness.engine()
                .deadLetters()
                .fork(new ForkRequest(run, new StepKey(from), edit, false))
                .join();
    }

    private Rehearsal rehearse(String run) {
        return harness.engine()
                .deadLetters()
                .rehearse(new RetryRequest(run, null, true))
                .join();
    }

    @Test
    void aStepIsEnteredWithEditedInputAndItsCallsHaveANewKey() {
        harness.sync(STEPS).start();
        refuse("schedule");
        String run = parked(harness.begin("in")).id();
        retry(run, null, false);
        parked(run);
        harness.world.heal("schedule");

        retry(run, edit("edited", Map.of("size", 7)), false);
        Run completed = harness.completed(run);

        assertThat(harness.world.places(run)).containsExactly("fetch", "schedule", "schedule", "schedule#r2", "report");
        assertThat(harness.world.callsOf(run).get(3).body()).isEqualTo("edited");
        assertThat(harness.output(completed)).isEqualTo("edited of size 7");
    }

    @Test
    void aCrashBetweenAnEditAndItsStepLosesNothing() throws Exception {
        harness.sync(STEPS).start();
        refuse("schedule");
        // Its third call, the first one of the retry, is the one in which the process dies.
        String run = parked(harness.begin("sync", "in", Map.of(World.DIE_AT, "3 before")))
                .id();
        harness.world.heal("schedule");
        retry(run, edit("edited", Map.of("size", 7)), false);
        String diedIn = harness.world.awaitDeath(run);
        assertThat(diedIn).isEqualTo(run + "/schedule#r1");

        harness.restart();

        assertThat(harness.output(harness.completed(run))).isEqualTo("edited of size 7");
        assertThat(harness.world.worked(run, 2)).containsExactly("schedule#r1", "report");
    }

    @Test
    void aCrashBehindAnEditedStepReplaysItAsItWas() throws Exception {
        harness.sync(STEPS).start();
        refuse("schedule");
        String run = parked(harness.begin("sync", "in", Map.of(World.DIE_AT, "4 after")))
                .id();
        harness.world.heal("schedule");
        retry(run, edit("edited", Map.of("size", 7)), false);
        assertThat(harness.world.awaitDeath(run)).isEqualTo(run + "/report");

        harness.restart();

        assertThat(harness.output(harness.completed(run))).isEqualTo("edited of size 7");
        assertThat(harness.world.worked(run, 2)).as("not the edited step").containsExactly("report");
    }

    @Test
    void aStepInABranchOrInAnotherStepCanBeEdited() {
        harness.sync("""
                - split:
                    id: chunks
                    simple: "${body}"
                    stopOnException: true
                    steps:
                      - step:
                          id: outer
                          steps:
                            - step:
                                id: inner
                                steps:
                                  - to: effect:inner
                                  - to: effect:again
                """).start();
        harness.world.on("inner", exchange -> {
            if ("b".equals(exchange.getMessage().getBody())) {
                throw new ConnectException("refused");
            }
            return exchange.getMessage().getBody();
        });
        Run parked = parked(harness.begin(List.of("a", "b", "c")));
        assertThat(parked.error()).extracting(StepError::step).isEqualTo("chunks[1]/outer/inner");
        harness.world.clear();

        retry(parked.id(), edit("B", null), false);
        harness.completed(parked.id());

        assertThat(harness.world.places(parked.id()))
                .containsExactly(
                        "chunks[1]/outer/inner/to#r1",
                        "chunks[1]/outer/inner/to-2#r1",
                        "chunks[2]/outer/inner/to",
                        "chunks[2]/outer/inner/to-2");
        assertThat(harness.world.calls()).extracting(World.Call::body).containsExactly("B", "B", "c", "c");
    }

    @Test
    void aVariableIsRemovedAndABodyEmptied() {
        harness.sync(STEPS).start();
        refuse("schedule");
        String run = parked(harness.begin("in")).id();
        harness.world.on("schedule", exchange -> exchange.getMessage().getBody() + "/" + exchange.getVariable("size"));
        retry(run, new EditedInput((Payload.Inline) Payload.NONE, "{\"size\":null}"), false);

        assertThat(harness.recorded(harness.completed(run).id(), "schedule")).isEqualTo("null/null");
    }

    @Test
    void aForkOfACompletedRunStartsFromAStepWithEditedInput() {
        harness.sync(STEPS).start();
        String origin = harness.completed(harness.begin("in")).id();

        String fork = fork(origin, "schedule", edit("edited", Map.of("size", 9)));

        assertThat(harness.output(harness.completed(fork))).isEqualTo("edited of size 9");
        assertThat(harness.world.places(fork)).containsExactly("schedule#r1", "report");
        assertThat(harness.runtime().document(fork).orElseThrow().get("parent"))
                .isEqualTo(Map.of("run", origin, "step", "schedule", "kind", "FORK"));
        assertThat(harness.runtime().document(origin).orElseThrow()).containsEntry("forks", List.of(fork));
        assertThat(harness.output(harness.stored(origin))).isEqualTo("in of size 1");
    }

    @Test
    void aForkHasItsOwnCopiesOfLargeBodies() {
        harness.sync(STEPS).start();
        String large = "x".repeat(2_500_000);
        harness.world.on("fetch", exchange -> large);
        refuse("report");
        String origin = parked(harness.begin("in".repeat(200_000))).id();
        harness.world.heal("report");

        String fork = fork(origin, "report", null);

        assertThat(harness.output(harness.completed(fork))).isEqualTo(large + " of size 1");
        assertThat(harness.stored(fork).input())
                .isInstanceOfSatisfying(
                        Payload.Stored.class,
                        stored -> assertThat(stored.blobId()).startsWith(fork + "/"));
        assertThat(harness.recorded(fork, "fetch")).isEqualTo(large);
        assertThat(harness.store().journal(fork))
                .filteredOn(record ->
                        record.outcome() instanceof StepRecord.Completed done && done.body() instanceof Payload.Stored)
                .isNotEmpty()
                .allSatisfy(record -> assertThat(
                                ((Payload.Stored) ((StepRecord.Completed) record.outcome()).body()).blobId())
                        .startsWith(fork + "/"));
    }

    @Test
    void aMendedRouteIsTriedOutBeforeARunGoesOnWithIt() {
        harness.sync(STEPS).start();
        refuse("schedule");
        Run parked = parked(harness.begin("in"));
        harness.world.heal("schedule");
        harness.world.clear();
        harness.sync(STEPS.replace("id: fetch", "id: load"));
        harness.restart();

        assertThat(rehearse(parked.id()).difference())
                .singleElement()
                .asString()
                .contains("'load'", "[fetch]");
        assertThatThrownBy(() -> retry(parked.id(), null, true)).hasCauseInstanceOf(ReplayDiffers.class);
        assertThat(harness.stored(parked.id())).isEqualTo(parked);

        harness.sync(STEPS.replace("of size", "with size"));
        harness.restart();
        assertThat(rehearse(parked.id()).wouldGoOnAt()).isEqualTo(new StepKey("schedule"));
        assertThat(harness.world.calls()).as("nothing was called").isEmpty();
        retry(parked.id(), null, true);
        Run completed = harness.completed(parked.id());

        assertThat(harness.output(completed)).isEqualTo("in with size 1");
        assertThat(harness.runtime().document(parked.id()).orElseThrow().get("versions"))
                .asString()
                .contains(parked.version(), completed.version());
    }

    @Test
    void aDryRunCallsNothingOutsideOfStepsEither() {
        harness.sync(STEPS).start();
        refuse("schedule");
        String run = parked(harness.begin("in")).id();
        harness.world.clear();
        harness.sync("- to: effect:before\n" + STEPS);
        harness.restart();

        Rehearsal rehearsal = rehearse(run);

        assertThat(rehearsal.fits()).isTrue();
        assertThat(rehearsal.wouldGoOnAt()).isNull();
        assertThat(rehearsal.unknown()).isNotNull();
        assertThat(harness.world.calls()).isEmpty();
    }

    @Test
    void aChildThatIsGivenUpFailsTheStepThatWaitsForIt() {
        harness.file("test/child.camel.yaml", RouteHarness.orchestration("child", "", """
                - step:
                    id: work
                    steps:
                      - to: effect:work
                """));
        harness.sync("""
                - step:
                    id: call
                    steps:
                      - to: orchestration:child?mode=sync
                """).start();
        refuse("work");
        String parent = harness.begin("in");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> harness.stored(parent).state() == RunState.WAITING);
        String child = harness.store().childrenOf(parent, ParentLink.Kind.CHILD).get(0);
        parked(child);
        assertThat(harness.stored(parent).state()).isEqualTo(RunState.WAITING);

        harness.engine().deadLetters().giveUp(child).join();

        assertThat(harness.end(parent).error()).extracting(StepError::step).isEqualTo("call");
        assertThat(harness.stored(child).state()).isEqualTo(RunState.FAILED);
    }
}
