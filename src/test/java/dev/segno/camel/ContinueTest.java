package dev.segno.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.segno.run.Engine;
import dev.segno.run.ParentLink;
import dev.segno.run.Payload;
import dev.segno.run.Run;
import dev.segno.run.RunResult;
import dev.segno.run.RunState;
import dev.segno.run.RunView;
import dev.segno.run.Signal;
import dev.segno.run.SignalOutcome;
import dev.segno.run.StartOutcome;
import dev.segno.run.StartRequest;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Conversations that go on as fresh runs: {@code runs:continue}. */
class ContinueTest extends RouteTest {

    /** Two rounds a run; the carried body is a list of what was said. */
    private static final String CONVERSATION = """
        - setVariable: { name: said, simple: "${body}" }
        - loop:
            id: rounds
            constant: "2"
            steps:
              - to: { id: listen, uri: "await:message" }
              - step:
                  id: answer
                  steps:
                    - to: effect:answer
                    - setVariable: { name: said, simple: "${variable.said} ${body}" }
                    - setVariable: { name: run.said, simple: "${variable.said}" }
              - choice:
                  when:
                    - simple: "${body} == 'bye'"
                      steps:
                        - setBody: { simple: "${variable.said}" }
                        - stop: {}
        - setBody: { simple: "${variable.said}" }
        - to: runs:continue
        """;

    private SignalOutcome say(String run, String id, String what) throws Exception {
        Payload.Inline payload = new Payload.Inline(Payload.Kind.JSON, Json.bytes(what));
        return harness.engine()
                .signal(new Signal(run, id, "message", payload, harness.engine().now()))
                .get(30, TimeUnit.SECONDS);
    }

    private List<String> chain(String run) {
        return harness.store().chains().chainOf(run);
    }

    private void waitingAs(String run, int runs) {
        await().until(() -> chain(run).size() == runs
                && harness.stored(chain(run).get(runs - 1)).state() == RunState.WAITING
                && harness.engine().live(chain(run).get(runs - 1)).isEmpty());
    }

    private RunResult result(String run) throws Exception {
        return harness.engine().result(run).get(30, TimeUnit.SECONDS);
    }

    private void conversation() {
        harness.world.on("answer", exchange -> exchange.getMessage().getBody());
        harness.sync(CONVERSATION).start();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void goesOnAsAFreshRunWithWhatItCarries(boolean killed) throws Exception {
        conversation();
        String first = harness.begin("-");
        say(first, "1", "one");
        say(first, "2", "two");
        waitingAs(first, 2);
        if (killed) {
            harness.restart();
        }
        say(first, "3", "three");
        say(first, "4", "bye");

        RunResult result = result(first);

        assertThat(result.state()).isEqualTo(RunState.COMPLETED);
        assertThat(result.runId()).isEqualTo(chain(first).get(1));
        Run last = harness.stored(result.runId());
        assertThat(harness.output(last)).isEqualTo("- one two three bye");
        assertThat(Json.readObject(last.attributes())).containsEntry("said", "- one two three bye");
        Run before = harness.stored(first);
        assertThat(before.state()).isEqualTo(RunState.COMPLETED);
        assertThat(harness.output(before)).isEqualTo("- one two");
        assertThat(harness.world.effects()).hasSize(4);
    }

    @Test
    void attributesGoWithIt() throws Exception {
        conversation();
        String first = harness.begin("-");
        say(first, "1", "one");
        say(first, "2", "two");
        waitingAs(first, 2);

        assertThat(Json.readObject(harness.stored(chain(first).get(1)).attributes()))
                .containsEntry("said", "- one two");
    }

    @Test
    void signalsThatCameEarlyAreThereForTheFreshRunAndNoneIsTakenTwice() throws Exception {
        conversation();
        String first = harness.begin("-");
        for (int message = 1; message <= 5; message++) {
            say(first, "id-" + message, "m" + message);
        }
        waitingAs(first, 3);

        assertThat(say(first, "id-1", "m1")).isInstanceOf(SignalOutcome.Duplicate.class);
        assertThat(say(first, "id-3", "m3")).isInstanceOf(SignalOutcome.Duplicate.class);
        assertThat(say(chain(first).get(2), "id-2", "m2")).isInstanceOf(SignalOutcome.Duplicate.class);
        assertThat(say(chain(first).get(1), "id-6", "bye")).isInstanceOf(SignalOutcome.Delivered.class);

        assertThat(harness.output(harness.stored(result(first).runId()))).isEqualTo("- m1 m2 m3 m4 m5 bye");
        assertThat(say(first, "id-7", "late")).isEqualTo(new SignalOutcome.TooLate(RunState.COMPLETED));
    }

    @Test
    void aSecondStartWithTheSameKeyFindsTheConversation() throws Exception {
        conversation();
        StartRequest request =
                new StartRequest("sync", new Payload.Inline(Payload.Kind.JSON, Json.bytes("-")), null, "key");
        String first = start(request).runId();
        say(first, "1", "one");
        say(first, "2", "two");
        waitingAs(first, 2);

        assertThat(start(request)).isEqualTo(new StartOutcome.Existing(first));
        say(first, "3", "bye");

        assertThat(harness.output(harness.stored(result(first).runId()))).isEqualTo("- one two bye");
    }

    private StartOutcome start(StartRequest request) throws Exception {
        Engine.Start start = harness.engine().start(request).get(30, TimeUnit.SECONDS);
        return start.outcome();
    }

    @Test
    void aCancelOfAnyRunOfTheChainCancelsTheConversation() throws Exception {
        conversation();
        String first = harness.begin("-");
        say(first, "1", "one");
        say(first, "2", "two");
        waitingAs(first, 2);

        RunResult cancelled = harness.engine().cancel(first).get(30, TimeUnit.SECONDS);

        assertThat(cancelled.state()).isEqualTo(RunState.CANCELLED);
        assertThat(harness.stored(chain(first).get(1)).state()).isEqualTo(RunState.CANCELLED);
        assertThat(harness.stored(first).state()).isEqualTo(RunState.COMPLETED);
    }

    /** A run that waits for the end of a conversation. */
    private String parent() {
        harness.file("test/talk.camel.yaml", RouteHarness.orchestration("talk", "", CONVERSATION));
        harness.sync("""
            - step: { id: talk, steps: [ { to: "orchestration:talk?mode=sync" } ] }
            """).start();
        String run = harness.begin("-");
        await().until(() -> harness.stored(run).state() == RunState.WAITING);
        return run;
    }

    /** Lets the conversation of a parent go on as its second run; the id of the first one. */
    private String secondRoundOf(String parent) throws Exception {
        String first = harness.store().childrenOf(parent, ParentLink.Kind.CHILD).get(0);
        say(first, "1", "one");
        say(first, "2", "two");
        waitingAs(first, 2);
        return first;
    }

    @Test
    void aParentWaitsForTheEndOfTheConversation() throws Exception {
        harness.world.on("answer", exchange -> exchange.getMessage().getBody());
        String run = parent();
        String first = secondRoundOf(run);
        harness.restart();
        assertThat(harness.stored(run).state()).isEqualTo(RunState.WAITING);
        say(first, "3", "bye");

        assertThat(harness.output(harness.completed(run))).isEqualTo("- one two bye");
    }

    @Test
    void aCancelOfTheParentReachesIt() throws Exception {
        String run = parent();
        String first = secondRoundOf(run);

        harness.engine().cancel(run).get(30, TimeUnit.SECONDS);

        await().until(() -> harness.stored(chain(first).get(1)).state() == RunState.CANCELLED);
    }

    @Test
    void aSingletonAndItsPlaceGoWithIt() throws Exception {
        harness.sync(CONVERSATION);
        harness.file(
                "test/sync.camel.yaml",
                harness.text("test/sync.camel.yaml")
                        .replace(
                                "uri: orchestration:sync",
                                "uri: orchestration:sync\n      parameters: { singleton: true, maxConcurrent: 1 }"));
        harness.start();
        String first = harness.begin("-");
        say(first, "1", "one");
        say(first, "2", "two");
        waitingAs(first, 2);
        String second = chain(first).get(1);

        assertThat(start(new StartRequest("sync", (Payload.Inline) Payload.NONE, null, null)))
                .isEqualTo(new StartOutcome.Busy(second));
        assertThat(harness.store().limits().keyOf(second)).contains("sync");
        assertThat(harness.store().limits().keyOf(first)).isEmpty();
    }

    @Test
    void itIsShownAsOneAndGoesOnOnTheNewestVersion() throws Exception {
        conversation();
        String first = harness.begin("-");
        say(first, "1", "one");
        assertThat(harness.save(
                        "test/sync.camel.yaml",
                        harness.text("test/sync.camel.yaml").replace("\"2\"", "\"3\"")))
                .isEmpty();
        say(first, "2", "two");
        waitingAs(first, 2);
        String second = chain(first).get(1);

        assertThat(harness.stored(second).version())
                .isNotEqualTo(harness.stored(first).version());
        for (String run : List.of(first, second)) {
            assertThat(RunView.of(harness.engine(), run).orElseThrow().chain()).containsExactly(first, second);
        }
    }
}
