package dev.segno.run;

import static dev.segno.run.Script.lastStep;
import static dev.segno.run.Script.sequence;
import static dev.segno.run.Script.step;
import static dev.segno.run.Script.then;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is on disk at which moment. */
class DurabilityTest {

    private static final Orchestration.Options RELAXED =
            new Orchestration.Options(false, Orchestration.Durability.RELAXED, Orchestration.OnFailure.PARK);

    private DrivenNode node;

    @BeforeEach
    void open(@TempDir Path directory) {
        node = new DrivenNode(directory);
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void aRecordIsOnDiskBeforeTheNextStepBegins() {
        List<List<String>> seen = new ArrayList<>();
        node.load(Script.of("sync", node.effects, sequence(step("a"), step("b"), step("c"))));
        for (String key : List.of("a", "b", "c")) {
            node.effects.on(key, attempt -> {
                seen.add(node.journal("run-0001"));
                return DrivenNode.Effects.done("ok");
            });
        }
        node.start("sync");

        assertThat(seen).containsExactly(List.of(), List.of("a"), List.of("a", "b"));
    }

    @Test
    void theLastStepsRecordIsWrittenTogetherWithTheEnd() {
        List<String> seen = new ArrayList<>();
        node.load(Script.of(
                "sync",
                node.effects,
                sequence(step("a"), lastStep("b"), then(execution -> seen.addAll(node.journal(execution.id()))))));

        String run = node.start("sync");

        assertThat(seen).as("between the last step and the end").containsExactly("a");
        assertThat(node.journal(run)).containsExactly("a", "b");
        assertThat(node.run(run).revision()).isOne();
    }

    @Test
    void aRelaxedStepDoesNotWaitForTheRecordBeforeItButTheCallerDoes() {
        node.load(Script.of("sync", node.effects, sequence(step("a"), step("b"), step("c")))
                .with(RELAXED));
        Engine.Start start =
                node.await(node.engine().start(new StartRequest("sync", DrivenNode.Effects.text("input"), null, null)));

        RunResult result = node.await(start.ended());

        assertThat(result.state()).isEqualTo(RunState.COMPLETED);
        assertThat(node.effects.log()).containsExactly("a#1", "b#1", "c#1");
        assertThat(node.journal(result.runId())).containsExactly("a", "b", "c");
    }

    @Test
    void relaxedStepsGoOnWithinOneTaskAndStrictOnesDoNot() {
        node.load(Script.of("strict", node.effects, sequence(step("a"), step("b"))));
        node.load(Script.of("relaxed", node.effects, sequence(step("a"), step("b")))
                .with(RELAXED));

        assertThat(stepsOfFirstTask("strict")).containsExactly("a#1");
        assertThat(stepsOfFirstTask("relaxed")).containsExactly("a#1", "b#1");
    }

    private List<String> stepsOfFirstTask(String orchestration) {
        node.effects.clearLog();
        node.engine().start(new StartRequest(orchestration, DrivenNode.Effects.text("input"), null, null));
        // The first task decides on the start, the second one is the run's first.
        node.runLatestTask();
        node.runLatestTask();
        List<String> log = node.effects.log();
        node.settle();
        return log;
    }

    @Test
    void whatACrashCutsOffARelaxedRunIsDoneAgainAndNothingElse() {
        node.load(Script.of("sync", node.effects, sequence(step("a"), step("b"), step("c")))
                .with(RELAXED));
        node.effects.hold("c");
        String run = node.start("sync");
        node.effects.clearLog();

        List<String> recorded = node.journal(run);
        node.restart();

        assertThat(List.of("a", "b", "c")).startsWith(recorded.toArray(String[]::new));
        assertThat(node.effects.log())
                .doesNotContainAnyElementsOf(
                        recorded.stream().map(key -> key + "#1").toList());
        assertThat(node.run(run).state()).isEqualTo(RunState.COMPLETED);
    }

    @Test
    void attributesAreOnDiskBeforeAStepBeginsAndAfterItFailed() {
        List<String> seen = new ArrayList<>();
        node.effects.on("fetch", attempt -> {
            node.waitingTasks();
            seen.add(node.run("run-0001").attributes());
            node.engine().live("run-0001").orElseThrow().attributes().set("progress", attempt);
            return DrivenNode.Effects.failed(
                    new ConnectException("refused"),
                    Verdict.RETRY,
                    new RetryPolicy(2, Duration.ofHours(1), 1, Duration.ofHours(1), 0));
        });
        node.load(Script.of(
                "sync",
                node.effects,
                sequence(then(execution -> execution.attributes().set("phase", "fetching")), step("fetch"))));

        String run = node.start("sync");

        assertThat(seen).containsExactly("{\"phase\":\"fetching\"}");
        assertThat(node.run(run).attributes()).isEqualTo("{\"phase\":\"fetching\",\"progress\":1}");
        node.advance(Duration.ofHours(1));
        assertThat(node.run(run).state()).isEqualTo(RunState.PARKED);
        assertThat(node.run(run).attributes()).isEqualTo("{\"phase\":\"fetching\",\"progress\":2}");
    }

    @Test
    void attributesOutliveARestartAndTheLastOnesComeWithTheEnd() {
        node.load(Script.of(
                "sync",
                node.effects,
                sequence(
                        then(execution -> {
                            if (execution.attributes().asMap().isEmpty()) {
                                execution.attributes().set("fetched", true);
                            }
                        }),
                        step("fetch"),
                        then(execution -> execution.attributes().set("phase", "done")))));
        node.effects.hold("fetch");
        String run = node.start("sync");
        assertThat(node.engine().live(run).orElseThrow().attributes().asMap()).isEqualTo(Map.of("fetched", true));

        node.restart();

        assertThat(node.run(run).attributes()).isEqualTo("{\"fetched\":true,\"phase\":\"done\"}");
    }

    @Test
    void anAttributeThatIsRemovedIsGone() {
        node.load(Script.of(
                "sync",
                node.effects,
                sequence(
                        then(execution -> execution.attributes().set("phase", "one")),
                        step("fetch"),
                        then(execution -> execution.attributes().set("phase", null)))));

        assertThat(node.run(node.start("sync")).attributes()).isEqualTo("{}");
    }
}
