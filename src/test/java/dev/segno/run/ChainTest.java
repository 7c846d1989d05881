package dev.segno.run;

import static dev.segno.run.Script.await;
import static dev.segno.run.Script.goOnAfresh;
import static dev.segno.run.Script.sequence;
import static dev.segno.run.Script.step;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that go on as fresh ones. */
class ChainTest {

    private DrivenNode node;

    @BeforeEach
    void open(@TempDir Path directory) {
        node = new DrivenNode(directory);
        node.load(Script.of(
                "talk",
                node.effects,
                sequence(step("greet"), await("listen", "message", null), step("answer"), goOnAfresh("carried"))));
    }

    @AfterEach
    void close() {
        node.close();
    }

    private void say(String run, String id) {
        node.await(node.engine()
                .signal(new Signal(run, id, "message", DrivenNode.Effects.text(id), node.clock.instant())));
    }

    private List<String> chain(String run) {
        return node.store().chains().chainOf(run);
    }

    @Test
    void aKillAtAnyPointLosesNoRunAndStartsNoneTwice() {
        int tasks = 0;
        boolean more = true;
        while (more) {
            node.effects.clearLog();
            String first = node.start("talk");
            node.engine().signal(new Signal(first, "1", "message", DrivenNode.Effects.text("1"), node.clock.instant()));
            more = node.runTasks(tasks++);
            node.restart();

            say(first, "1");
            assertThat(chain(first)).as("killed after %s tasks", tasks - 1).hasSize(2);
            String second = chain(first).get(1);
            assertThat(node.run(first).state()).isEqualTo(RunState.COMPLETED);
            assertThat(node.run(first).output()).isEqualTo(DrivenNode.Effects.text("carried"));
            assertThat(node.run(second).state()).isEqualTo(RunState.WAITING);
            assertThat(node.run(second).input()).isEqualTo(DrivenNode.Effects.text("carried"));
            assertThat(node.journal(first)).containsExactly("greet", "listen", "answer");
            assertThat(node.journal(second)).containsExactly("greet");
        }
        assertThat(tasks).as("a kill at each of some points").isGreaterThan(5);
    }

    @Test
    void aRunWhoseOrchestrationIsSwitchedOffGoesOnOnItsOwnVersion() {
        String first = node.start("talk");
        node.switchOff("talk");

        say(first, "1");

        assertThat(node.run(chain(first).get(1)).version()).isEqualTo("v1");
    }

    @Test
    void aRehearsalThatComesThereStartsNothing() {
        String first = node.start("talk");
        node.effects.on(
                "answer",
                attempt ->
                        DrivenNode.Effects.failed(new IllegalStateException("down"), Verdict.NEVER, RetryPolicy.ONCE));
        say(first, "1");
        assertThat(node.run(first).state()).isEqualTo(RunState.PARKED);
        node.load(new Script(
                "talk",
                "v2",
                Orchestration.Options.DEFAULT,
                sequence(step("greet"), await("listen", "message", null), goOnAfresh("early")),
                node.effects));

        Rehearsal rehearsal = node.await(node.engine().deadLetters().rehearse(new RetryRequest(first, null, true)));

        assertThat(rehearsal.fits()).isTrue();
        assertThat(chain(first)).containsExactly(first);
    }

    @Test
    void recordsThatWereNotReachedBlockItInstead() {
        String first = node.start("talk");
        node.load(Script.of("talk", node.effects, goOnAfresh("early")));

        say(first, "1");

        assertThat(node.run(first).state()).isEqualTo(RunState.BLOCKED);
        assertThat(chain(first)).containsExactly(first);
    }
}
