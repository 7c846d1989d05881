package dev.segno.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.segno.camel.yaml.Problem;
import dev.segno.run.Engine;
import dev.segno.run.Orchestration;
import dev.segno.run.Payload;
import dev.segno.run.Run;
import dev.segno.run.RunState;
import dev.segno.run.StartOutcome;
import dev.segno.run.StartRequest;
import dev.segno.run.UnknownOrchestration;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Route;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files are saved while their runs are under way. */
class EditingTest {

    private static final String FILE = "test/sync.camel.yaml";

    private final CountDownLatch gate = new CountDownLatch(1);
    private final CountDownLatch inside = new CountDownLatch(1);
    private RouteHarness harness;

    @BeforeEach
    void open(@TempDir Path directory) {
        harness = new RouteHarness(directory);
        harness.world.on("gate", exchange -> {
            inside.countDown();
            assertThat(gate.await(60, TimeUnit.SECONDS)).isTrue();
            return "through";
        });
    }

    @AfterEach
    void close() {
        gate.countDown();
        harness.close();
    }

    /** Steps of these effects, in a row; each a step named as its effect. */
    private static String steps(String... effects) {
        StringBuilder text = new StringBuilder();
        for (String effect : effects) {
            text.append("""
                    - step:
                        id: %s
                        steps:
                          - to: effect:%s
                    """.formatted(effect, effect));
        }
        return text.toString();
    }

    private static String file(String name, String options, String... effects) {
        return RouteHarness.orchestration(name, options, steps(effects));
    }

    private String beginAndStandInTheGate() throws Exception {
        String run = harness.begin("in");
        assertThat(inside.await(60, TimeUnit.SECONDS)).isTrue();
        return run;
    }

    private void assertEffects(String run, String... effects) {
        assertThat(harness.world.callsOf(run)).extracting(World.Call::effect).containsExactly(effects);
    }

    private List<String> routes() {
        return harness.runtime().context().getRoutes().stream()
                .map(Route::getRouteId)
                .sorted()
                .toList();
    }

    private void awaitSwept(List<String> expected) {
        await().untilAsserted(() -> {
            harness.runtime().loader().sweep();
            assertThat(routes()).isEqualTo(expected);
        });
    }

    @Test
    void aRunUnderWayEndsOnTheFileThatItBeganWith() throws Exception {
        harness.file(FILE, file("sync", "", "gate", "old")).start();
        String old = beginAndStandInTheGate();

        assertThat(harness.save(FILE, file("sync", "", "young"))).isEmpty();
        List<String> both = routes();
        harness.runtime().loader().sweep();
        harness.runtime().loader().sweep();
        assertThat(routes()).as("the old version is in use").isEqualTo(both);
        Run young = harness.completed(harness.begin("in"));
        gate.countDown();

        assertThat(harness.completed(old).version()).isNotEqualTo(young.version());
        assertEffects(old, "gate", "old");
        assertEffects(young.id(), "young");
        awaitSwept(List.of("sync@" + young.version()));
        assertThat(((ModelCamelContext) harness.runtime().context()).getRouteDefinitions())
                .extracting(RouteDefinition::getRouteId)
                .containsExactly("sync@" + young.version());
    }

    @Test
    void aFileThatIsBackAtAnEarlierTextIsThatVersionAgain() throws Exception {
        harness.file(FILE, file("sync", "", "gate", "old")).start();
        String first = beginAndStandInTheGate();
        harness.save(FILE, file("sync", "", "young"));
        harness.save(FILE, file("sync", "", "gate", "old"));
        String second = harness.begin("in");
        gate.countDown();

        assertThat(harness.completed(second).version())
                .isEqualTo(harness.completed(first).version());
        assertEffects(second, "gate", "old");
        awaitSwept(List.of("sync@" + harness.stored(first).version() + "-2"));
        harness.completed(harness.begin("in"));
    }

    @Test
    void aParkedRunIsRetriedOnItsVersionAfterThatWasTakenOut() throws Exception {
        harness.world.on("old", exchange -> {
            throw new IllegalStateException("not now");
        });
        harness.file(FILE, file("sync", "", "old", "end")).start();
        String old = harness.run("in").id();
        harness.save(FILE, file("sync", "", "young"));
        String young = harness.completed(harness.begin("in")).version();
        awaitSwept(List.of("sync@" + young));
        harness.world.heal("old");
        harness.engine().retry(old).join();

        harness.completed(old);
        assertEffects(old, "old", "old", "end");
    }

    @Test
    void aVersionThatWasTakenOutAfterItWasLookedUpIsBuiltAgain() throws Exception {
        harness.file(FILE, file("sync", "", "old")).start();
        Orchestration lookedUp = harness.runtime().versions().current("sync").orElseThrow();
        String id = harness.begin("in");
        harness.completed(id);
        harness.save(FILE, file("sync", "", "young"));
        harness.runtime().loader().sweep();
        harness.runtime().loader().sweep();
        assertThat(harness.runtime().versions().loadedVersions("sync")).doesNotContain(lookedUp.version());
        assertThat(((OrchestrationConsumer) lookedUp).isRetired()).isTrue();

        Orchestration again = harness.runtime().versions().version("sync", lookedUp.version());

        assertThat(again).isNotSameAs(lookedUp);
        assertThat(again.version()).isEqualTo(lookedUp.version());
    }

    @Test
    void aFileThatCannotBeReadChangesNothing() {
        harness.file(FILE, file("sync", "", "old")).start();
        List<String> before = routes();

        List<Problem> problems = harness.save(FILE, "- route:\n    id: sync\n    from: {uri: [\n");

        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.isError()).isTrue();
            assertThat(problem.line()).isEqualTo(4);
            assertThat(problem.advice()).isNotBlank();
        });
        assertThat(routes()).isEqualTo(before);
        assertThat(harness.runtime().loader().problemsOf(FILE)).isEqualTo(problems);
        assertEffects(harness.completed(harness.begin("in")).id(), "old");
        assertThat(harness.save(FILE, file("sync", "", "old"))).isEmpty();
        assertThat(harness.runtime().loader().problemsOf(FILE)).isEmpty();
    }

    @Test
    void aFileThatCamelDoesNotTakeChangesNothing() {
        harness.file(FILE, file("sync", "", "old")).start();
        List<String> before = routes();

        List<Problem> problems = harness.save(FILE, file("sync", "", "young") + RouteHarness.direct("more", """
                - setBody: {simple: "${body.unclosed("}
                """));

        assertThat(problems).anySatisfy(problem -> assertThat(problem.isError()).isTrue());
        assertThat(routes()).isEqualTo(before);
        assertEffects(harness.completed(harness.begin("in")).id(), "old");
    }

    @Test
    void aNameThatAnotherFileHasIsRefused() {
        harness.file(FILE, file("sync", "", "old")).start();

        List<Problem> problems = harness.save("test/other.camel.yaml", file("sync", "", "young"));

        assertThat(problems)
                .extracting(Problem::what)
                .contains("'orchestration:sync' is defined in test/sync.camel.yaml already");
        assertEffects(harness.completed(harness.begin("in")).id(), "old");
    }

    @Test
    void commentsAndLayoutRestartNothing() {
        harness.file(FILE, file("sync", "", "old")).start();
        Orchestration before = harness.runtime().versions().current("sync").orElseThrow();

        assertThat(harness.save(FILE, "# why\n\n" + file("sync", "", "old"))).isEmpty();

        assertThat(harness.runtime().versions().current("sync")).containsSame(before);
    }

    @Test
    void aRemovedFileTakesNoNewRunsAndThoseUnderWayFinish() throws Exception {
        harness.file(FILE, file("sync", "", "gate", "old")).start();
        String old = beginAndStandInTheGate();

        harness.delete(FILE);
        harness.runtime().loader().remove(FILE);

        assertThatThrownBy(() -> harness.begin("in")).hasRootCauseInstanceOf(UnknownOrchestration.class);
        gate.countDown();
        harness.completed(old);
        assertEffects(old, "gate", "old");
        awaitSwept(List.of());
        harness.save(FILE, file("sync", "", "young"));
        assertEffects(harness.completed(harness.begin("in")).id(), "young");
    }

    @Test
    void anOrchestrationCanBeRenamedInItsFile() throws Exception {
        harness.file(FILE, file("sync", "", "gate", "old")).start();
        String old = beginAndStandInTheGate();

        assertThat(harness.save(FILE, file("import", "", "young"))).isEmpty();

        assertThatThrownBy(() -> harness.begin("in")).hasRootCauseInstanceOf(UnknownOrchestration.class);
        assertEffects(harness.completed(harness.begin("import", "in", Map.of())).id(), "young");
        gate.countDown();
        harness.completed(old);
        assertEffects(old, "gate", "old");
    }

    private static String kamelet(String text) {
        return """
                apiVersion: camel.apache.org/v1
                kind: Kamelet
                metadata:
                  name: notify
                spec:
                  definition:
                    title: Notify
                    required: [who]
                    properties:
                      who: {title: Who, type: string}
                  template:
                    from:
                      uri: kamelet:source
                      steps:
                        - to: "effect:%s"
                """.formatted(text);
    }

    @Test
    void aKameletMayCallOneThatComesBehindItAmongTheFiles() throws Exception {
        harness.file(
                        "kamelets/alert.kamelet.yaml",
                        kamelet("x")
                                .replace("name: notify", "name: alert")
                                .replace("- to: \"effect:x\"", "- to: kamelet:notify?who={{who}}"))
                .file("kamelets/notify.kamelet.yaml", kamelet("told"))
                .sync("- step: {id: alert, steps: [{to: 'kamelet:alert?who=me'}]}")
                .start();

        assertEffects(harness.completed(harness.begin("in")).id(), "told");
    }

    @Test
    void aChangedKameletHelpsRunsUnderWayAtTheirNextCall() throws Exception {
        String call = """
                - step:
                    id: %s
                    steps:
                      - to: kamelet:notify?who=me
                """;
        harness.file("kamelets/notify.kamelet.yaml", kamelet("gate"))
                .sync(call.formatted("first") + call.formatted("second"))
                .start();
        Orchestration version = harness.runtime().versions().current("sync").orElseThrow();
        String run = beginAndStandInTheGate();

        assertThat(harness.save("kamelets/notify.kamelet.yaml", kamelet("changed")))
                .isEmpty();
        assertThat(harness.save("kamelets/notify.kamelet.yaml", kamelet("none\" ]")))
                .isNotEmpty();
        gate.countDown();

        harness.completed(run);
        assertEffects(run, "gate", "changed");
        assertThat(harness.runtime().versions().current("sync"))
                .as("who calls it is not rebuilt")
                .containsSame(version);
        assertThat(harness.save("kamelets/notify.kamelet.yaml", kamelet("again")))
                .isEmpty();
        assertEffects(harness.completed(harness.begin("in")).id(), "again", "again");
        List<String> kamelets =
                routes().stream().filter(id -> id.startsWith("notify")).toList();
        harness.runtime().loader().sweep();
        assertThat(kamelets).hasSizeGreaterThan(1);
        assertThat(routes().stream().filter(id -> id.startsWith("notify"))).hasSize(1);
    }

    private static String retries(int count) {
        return """
                - routeConfiguration:
                    id: retry
                    errorHandler:
                      defaultErrorHandler:
                        redeliveryPolicy:
                          maximumRedeliveries: %d
                          redeliveryDelay: "1"
                """.formatted(count);
    }

    @Test
    void aChangedRouteConfigurationHoldsForRunsUnderWayFromTheirNextStepOn() throws Exception {
        AtomicInteger failures = new AtomicInteger(2);
        harness.world.on("shaky", exchange -> {
            if (failures.getAndDecrement() > 0) {
                throw new IllegalStateException("not yet");
            }
            return "done";
        });
        harness.file("shared/retry.camel.yaml", retries(0))
                .file(FILE, file("sync", "    routeConfigurationId: retry\n", "gate", "shaky", "end"))
                .start();
        Engine.Start start = harness.engine()
                .start(new StartRequest("sync", (Payload.Inline) Payload.NONE, null, null))
                .get(30, TimeUnit.SECONDS);
        String run = ((StartOutcome.Started) start.outcome()).runId();
        assertThat(inside.await(60, TimeUnit.SECONDS)).isTrue();
        String version = harness.stored(run).version();

        assertThat(harness.save("shared/retry.camel.yaml", retries(3))).isEmpty();
        gate.countDown();

        assertThat(start.ended().get(60, TimeUnit.SECONDS).state())
                .as("who waits for the run hears of its end")
                .isEqualTo(RunState.COMPLETED);
        assertEffects(run, "gate", "shaky", "shaky", "shaky", "end");
        assertThat(harness.stored(run).version()).isEqualTo(version);
        assertThat(harness.runtime().versions().currentVersion("sync")).contains(version);
        awaitSwept(List.of("sync@" + version + "-2"));
    }

    @Test
    void aRunThatChangesOverCanBeCancelled() throws Exception {
        harness.file("shared/retry.camel.yaml", retries(0))
                .file(FILE, file("sync", "    routeConfigurationId: retry\n", "gate", "end"))
                .start();
        String run = beginAndStandInTheGate();
        harness.save("shared/retry.camel.yaml", retries(3));
        var cancelled = harness.engine().cancel(run);
        gate.countDown();

        assertThat(cancelled.get(60, TimeUnit.SECONDS).state()).isEqualTo(RunState.CANCELLED);
        assertEffects(run, "gate");
    }

    @Test
    void aRouteConfigurationThatCamelDoesNotTakeChangesNothing() {
        harness.file("shared/retry.camel.yaml", retries(2))
                .file(FILE, file("sync", "    routeConfigurationId: retry\n", "shaky"))
                .start();
        AtomicInteger failures = new AtomicInteger(2);
        harness.world.on("shaky", exchange -> {
            if (failures.getAndDecrement() > 0) {
                throw new IllegalStateException("not yet");
            }
            return "done";
        });

        assertThat(harness.save("shared/retry.camel.yaml", retries(2).replace(": 2", ": many")))
                .isNotEmpty();

        harness.completed(harness.begin("in"));
    }
}
