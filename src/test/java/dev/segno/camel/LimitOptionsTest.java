package dev.segno.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.segno.run.Engine;
import dev.segno.run.InvalidStart;
import dev.segno.run.Payload;
import dev.segno.run.RunState;
import dev.segno.run.StartOutcome;
import dev.segno.run.StartRequest;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The options of {@code orchestration:} that limit its runs, as they stand in route files. */
class LimitOptionsTest extends RouteTest {

    private static final String WAITS_INSIDE = """
            - step: { id: pack, steps: [ { to: "effect:pack" } ] }
            - to: { id: approval, uri: "await:approved?timeout=24h" }
            """;

    private void load(String parameters, String steps) {
        file(parameters, steps);
        harness.load();
    }

    private void file(String parameters, String steps) {
        harness.file("test/ship.camel.yaml", """
                - route:
                    id: ship
                    from:
                      uri: orchestration:ship
                      parameters: { %s }
                      steps:
                %s
                """.formatted(parameters, steps.indent(8)));
    }

    private StartOutcome start(Object input, Map<String, Object> headers) throws Exception {
        StartRequest request = new StartRequest(
                "ship",
                new Payload.Inline(Payload.Kind.JSON, Json.bytes(input)),
                headers.isEmpty() ? null : Json.text(headers),
                null);
        Engine.Start start = harness.engine().start(request).get(30, TimeUnit.SECONDS);
        return start.outcome();
    }

    private void waiting(String run) {
        await().until(() -> harness.stored(run).state() == RunState.WAITING
                && harness.engine().live(run).isEmpty());
    }

    @Test
    void aSingletonThatIsBusyCanBeJoined() throws Exception {
        load("singleton: true, whenBusy: join", WAITS_INSIDE);
        assertThat(harness.problems()).isEmpty();
        String first = start(Map.of(), Map.of()).runId();
        waiting(first);

        assertThat(start(Map.of(), Map.of())).isEqualTo(new StartOutcome.Existing(first));
    }

    @Test
    void theKeyComesFromTheBodyAndTheRateCountsByIt() throws Exception {
        load("concurrencyKey: \"${body[customer]}\", rate: 1/1h, whenBusy: reject", WAITS_INSIDE);
        assertThat(harness.problems()).isEmpty();
        String first = start(Map.of("customer", "north"), Map.of()).runId();

        assertThat(start(Map.of("customer", "north"), Map.of()))
                .isInstanceOfSatisfying(StartOutcome.Throttled.class, throttled -> {
                    assertThat(throttled.runId()).isEqualTo(first);
                    assertThat(throttled.retryAfter()).hasMinutes(59);
                });
        assertThat(start(Map.of("customer", "south"), Map.of())).isInstanceOf(StartOutcome.Started.class);
    }

    @Test
    void theKeyComesFromAHeader() throws Exception {
        load("concurrencyKey: \"${header.X-Correlation-ID}\", rate: 1/1h, whenBusy: join", WAITS_INSIDE);
        assertThat(start(Map.of(), Map.of("X-Correlation-ID", "a"))).isInstanceOf(StartOutcome.Started.class);
        assertThat(start(Map.of(), Map.of("X-Correlation-ID", "b"))).isInstanceOf(StartOutcome.Started.class);
        assertThat(start(Map.of(), Map.of("X-Correlation-ID", "a"))).isInstanceOf(StartOutcome.Throttled.class);
    }

    @ParameterizedTest
    @CsvSource({
        "{}, concurrencyKey, is empty",
        "'{\"customer\":\"north\",\"weight\":\"much\"}', priority, no whole number"
    })
    void anInputThatDoesNotTellItsPlaceIsRefused(String input, String option, String what) throws Exception {
        load("concurrencyKey: \"${body[customer]}\", priority: \"${body[weight]}\"", WAITS_INSIDE);
        Object body = Json.MAPPER.readTree(input);

        assertThatThrownBy(() -> start(body, Map.of()))
                .hasCauseInstanceOf(InvalidStart.class)
                .hasMessageContaining(option)
                .hasMessageContaining(what);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "maxConcurrent: 0|at least 1",
                "rate: fast|10/1m",
                "rate: 0/1m|10/1m",
                "whenBusy: hurry|reject",
                "deadline: soon|length of time",
                "singleton: true, whenBusy: queue|maxConcurrent=1"
            })
    void aWrongOptionIsToldWhenTheFileIsLoaded(String parameters, String advice) {
        load(parameters, WAITS_INSIDE);

        assertThat(harness.problems()).singleElement().asString().contains(advice);
    }

    @Test
    void whatAStartCameToIsToldInAHeader() throws Exception {
        file("maxConcurrent: 1, rate: 1/1h, maxQueued: 1", WAITS_INSIDE);
        harness.sync("""
                - step:
                    id: first
                    steps:
                      - to: orchestration:ship
                      - setVariable: { name: run.first, simple: "${header.SegnoOutcome} ${body[state]}" }
                - step:
                    id: second
                    steps:
                      - to: orchestration:ship
                      - setVariable: { name: run.second, simple: "${header.SegnoOutcome} ${body[state]}" }
                - step:
                    id: third
                    steps:
                      - to: orchestration:ship
                      - setVariable: { name: run.third, simple: "${header.SegnoOutcome} ${header.Retry-After}" }
                """).start();

        String attributes = harness.run(null).attributes();

        assertThat(attributes)
                .contains("started RUNNING")
                .contains("queued QUEUED")
                .contains("throttled 5");
    }

    @Test
    void aDeadlineUndoesTheSagaOfItsRun() throws Exception {
        harness.timersTakeTime = true;
        harness.file("test/ship.camel.yaml", """
                - route:
                    id: ship
                    from:
                      uri: orchestration:ship
                      parameters: { deadline: 5s, onFailure: compensate }
                      steps:
                        - to: direct:booked
                - route:
                    id: booked
                    from:
                      uri: direct:booked
                      steps:
                        - saga:
                            id: booking
                            compensation: direct:undo
                            steps:
                              - step: { id: book, steps: [ { to: "effect:book" } ] }
                              - to: { id: approval, uri: "await:approved" }
                              - step: { id: send, steps: [ { to: "effect:send" } ] }
                - route:
                    id: undo
                    from:
                      uri: direct:undo
                      steps:
                        - step: { id: undo-booking, steps: [ { to: "effect:undo" } ] }
                """).start();
        String run = start(Map.of(), Map.of()).runId();

        assertThat(harness.end(run).state()).isEqualTo(RunState.COMPENSATED);

        assertThat(harness.world.effects()).containsExactly("book", "undo");
    }
}
