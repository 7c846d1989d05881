package dev.segno.camel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segno.run.Run;
import dev.segno.run.RunState;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Variables whose names begin with {@code run.} are the run's attributes. */
class AttributesTest extends RouteTest {

    private static Map<String, @Nullable Object> attributes(Run run) {
        return Json.readObject(run.attributes());
    }

    @Test
    void areThereWhileAStepIsUnderWayAndAfterTheEnd() {
        List<Map<String, @Nullable Object>> seen = new ArrayList<>();
        harness.world.on("work", exchange -> {
            RunFrame frame = RunFrame.current(exchange);
            seen.add(frame == null ? Map.of() : frame.execution().attributes().asMap());
            return exchange.getMessage().getBody();
        });
        harness.sync("""
                - setVariable: {name: run.phase, constant: working}
                - setVariable: {name: plain, constant: not an attribute}
                - step:
                    id: work
                    steps:
                      - setVariable: {name: run.progress.done, jq: "1"}
                      - to: effect:work
                      - setVariable: {name: run.progress.done, jq: "2"}
                - setVariable: {name: run.phase, constant: done}
                """).start();

        Run run = harness.completed(harness.begin(Map.of()));

        assertThat(seen).containsExactly(Map.of("phase", "working"));
        assertThat(attributes(run)).isEqualTo(Map.of("phase", "done", "progress.done", 2));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void comeFromTheBranchesOfASplit(boolean parallel) {
        List<Map<String, @Nullable Object>> seen = Collections.synchronizedList(new ArrayList<>());
        harness.world.on("report", exchange -> {
            seen.add(attributes(harness.stored(exchange.getMessage().getHeader("id", String.class))));
            return null;
        });
        harness.world.on("work", exchange -> {
            RunFrame frame = RunFrame.current(exchange);
            exchange.getMessage()
                    .setHeader("id", frame == null ? "" : frame.execution().id());
            return exchange.getMessage().getBody();
        });
        harness.sync("""
                - split:
                    parallelProcessing: %s
                    aggregationStrategy: collectBodies
                    simple: "${body}"
                    steps:
                      - step:
                          id: work
                          steps:
                            - to: effect:work
                            - setVariable: {name: "run.done.${body}", constant: "yes"}
                - step:
                    id: report
                    steps:
                      - to: effect:report
                """.formatted(parallel)).start();

        Run run = harness.completed(harness.begin(List.of("a", "b")));

        assertThat(seen).containsExactly(Map.of("done.a", "yes", "done.b", "yes"));
        assertThat(attributes(run)).isEqualTo(Map.of("done.a", "yes", "done.b", "yes"));
    }

    @Test
    void areReadFromTheLiveRunFirst() {
        List<Object> seen = new ArrayList<>();
        harness.world.on("work", exchange -> {
            RunFrame frame = RunFrame.current(exchange);
            String id = frame == null ? "" : frame.execution().id();
            seen.add(String.valueOf(harness.runtime().document(id).orElseThrow().get("attributes")));
            return null;
        });
        harness.sync("""
                - setVariable: {name: run.phase, constant: working}
                - step:
                    id: work
                    steps:
                      - to: effect:work
                - step:
                    id: ask
                    steps:
                      - to: runs:latest?orchestration=sync
                """).start();

        Run run = harness.completed(harness.begin("in"));

        assertThat(seen).containsExactly("{phase=working}");
        Object answer = harness.output(run);
        Object latest = answer instanceof Map<?, ?> found ? found.get("run") : null;
        assertThat(latest)
                .asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class))
                .containsEntry("state", "RUNNING")
                .containsEntry("attributes", Map.of("phase", "working"));
    }

    @Test
    void ofATryThatIsTriedAgainAreThereMeanwhile() {
        List<Map<String, @Nullable Object>> seen = new ArrayList<>();
        harness.world.on("work", exchange -> {
            RunFrame frame = RunFrame.current(exchange);
            seen.add(frame == null ? Map.of() : frame.execution().attributes().asMap());
            throw new ConnectException("refused");
        });
        harness.file("shared/two.camel.yaml", """
                - routeConfiguration:
                    id: two
                    errorHandler:
                      defaultErrorHandler:
                        redeliveryPolicy:
                          maximumRedeliveries: 1
                """)
                .file(
                        "test/sync.camel.yaml",
                        RouteHarness.orchestration("sync", "    routeConfigurationId: two\n", """
                        - step:
                            id: work
                            steps:
                              - setVariable: {name: run.phase, constant: working}
                              - to: effect:work
                        """))
                .start();

        harness.run("in");

        assertThat(seen).containsExactly(Map.of(), Map.of("phase", "working"));
    }

    @Test
    void ofAFailedTryAreKept() {
        harness.world.on("work", exchange -> {
            throw new IllegalStateException("no");
        });
        harness.sync("""
                - step:
                    id: work
                    steps:
                      - setVariable: {name: run.phase, constant: working}
                      - to: effect:work
                """).start();

        Run run = harness.run("in");

        assertThat(run.state()).isEqualTo(RunState.PARKED);
        assertThat(attributes(run)).isEqualTo(Map.of("phase", "working"));
    }

    @Test
    void areTheSameAfterACrash() throws Exception {
        harness.sync("""
                - setVariable: {name: run.phase, constant: first}
                - step:
                    id: first
                    steps:
                      - to: effect:first
                      - setVariable: {name: run.first, constant: "yes"}
                - setVariable: {name: run.phase, constant: second}
                - step:
                    id: second
                    steps:
                      - to: effect:second
                """).start();
        String run = harness.begin("sync", "in", Map.of(World.DIE_AT, "2 after"));
        harness.world.awaitDeath(run);
        harness.restart();

        assertThat(attributes(harness.completed(run))).isEqualTo(Map.of("phase", "second", "first", "yes"));
    }

    @Test
    void thatAreRemovedAreGone() {
        harness.sync("""
                - setVariable: {name: run.phase, constant: working}
                - setVariable: {name: run.kept, constant: "yes"}
                - step:
                    id: work
                    steps:
                      - to: effect:work
                      - removeVariable: {name: run.phase}
                - step:
                    id: more
                    steps:
                      - to: effect:more
                """).start();

        assertThat(attributes(harness.completed(harness.begin("in")))).isEqualTo(Map.of("kept", "yes"));
    }
}
