package dev.segno.hub;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;

import dev.segno.camel.RouteRuntime;
import dev.segno.controlplane.ControlRequest;
import dev.segno.event.Event;
import dev.segno.event.EventLog;
import dev.segno.event.EventQuery;
import dev.segno.event.LoggedEvents;
import dev.segno.run.NewRun;
import dev.segno.run.Payload;
import dev.segno.run.Run;
import dev.segno.run.RunState;
import dev.segno.run.StateChange;
import dev.segno.run.StepError;
import dev.segno.run.StepKey;
import dev.segno.run.StoreUnavailable;
import dev.segno.spec.Sample;
import dev.segno.store.SqliteRunStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the service hub tells and counts where a process dies between the end of a run and its event. */
class ServiceHubRestartTest {

    private static final Clock CLOCK = Clock.fixed(Sample.NOON.plusSeconds(100), ZoneOffset.UTC);

    private SqliteRunStore store;

    @BeforeEach
    void open(@TempDir Path directory) {
        store = SqliteRunStore.open(directory);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private ServiceHub hub(
            Supplier<EventLog> events, Function<String, Map<String, @Nullable Object>> json, Executor executor) {
        ServiceHub hub = new ServiceHub(events, store, store.betweenRuns().endedRuns(), json, executor, CLOCK);
        hub.begin();
        return hub;
    }

    private ServiceHub hub(Supplier<EventLog> events) {
        return hub(events, RouteRuntime::readObject, Runnable::run);
    }

    private ServiceHub restarted() {
        return hub(this::events);
    }

    private EventLog events() {
        return new EventLog(store.events(), new LoggedEvents(), CLOCK);
    }

    private Run find(int number) {
        return store.find(Sample.id(number)).orElseThrow();
    }

    private void start(ServiceHub hub, int number, String orchestration) {
        start(hub, Sample.run(number, orchestration, null, null, null));
    }

    private void start(ServiceHub hub, NewRun run) {
        store.start(run).join();
        hub.started(run);
    }

    private static NewRun run(int number, String input) {
        return new NewRun(
                Sample.id(number),
                "user-onboarding",
                "v1",
                RunState.RUNNING,
                Sample.json(input),
                "{}",
                null,
                null,
                null,
                Sample.NOON);
    }

    private void change(
            ServiceHub hub, int number, RunState state, @Nullable Payload output, @Nullable StepError error) {
        Run before = write(number, state, output, error);
        if (state != RunState.RUNNING) {
            hub.ended(before, state, find(number).updatedAt());
        }
    }

    /** Without telling anybody. The run as it was before. */
    private Run write(int number, RunState state, @Nullable Payload output, @Nullable StepError error) {
        Run before = find(number);
        Instant at = Sample.NOON.plusSeconds(60);
        StateChange change = new StateChange(
                before.id(), before.revision(), state, List.of(), output, error, null, state == RunState.RUNNING, at);
        assertThat(store.change(change).join()).isTrue();
        return before;
    }

    private List<String> told(int number) {
        return told().stream()
                .filter(event -> Objects.equals(event.correlationId(), Sample.id(number)))
                .map(Event::type)
                .toList();
    }

    private List<Event> told() {
        return store.events().newest(EventQuery.ALL, 100);
    }

    private static Map<String, @Nullable Object> metrics(ServiceHub hub) {
        ControlRequest request = new ControlRequest(Map.of(), name -> Optional.empty(), "r", "c", Optional.empty());
        return Objects.requireNonNull(hub.operations().get("hub-metrics"))
                .answer(request)
                .fields();
    }

    /** Too long to stand in the row of its run. */
    private Payload longOutput(int number) {
        byte[] bytes = ("{\"data\":\"" + "x".repeat(400_000) + "\",\"service_errors\":{\"content\":\"gone\"}}")
                .getBytes(StandardCharsets.UTF_8);
        store.appendBlob(Sample.id(number) + "/output", 0, bytes).join();
        return new Payload.Stored(Payload.Kind.JSON, Sample.id(number) + "/output", bytes.length);
    }

    @Test
    void whatACrashKeptBackIsToldOnceAndCountsOnce() {
        ServiceHub dying = hub(() -> {
            throw new StoreUnavailable("The process dies before it has told anything");
        });
        for (int number = 1; number <= 4; number++) {
            start(dying, number, "search-and-trigger");
        }
        start(dying, 5, "greet");
        change(dying, 1, RunState.COMPLETED, longOutput(1), null);
        change(dying, 2, RunState.COMPLETED, Sample.json("{\"error\":\"ask ann@example.test\"}"), null);
        change(dying, 3, RunState.PARKED, null, new StepError("java.io.IOException", "no answer", "search"));
        change(dying, 5, RunState.COMPLETED, null, null);
        assertThat(told()).isEmpty();

        ServiceHub next = restarted();

        assertThat(told(1)).containsExactly("operation_start", "operation_complete");
        assertThat(told(2)).containsExactly("operation_start", "operation_error");
        assertThat(told(3)).containsExactly("operation_start", "operation_error");
        assertThat(told(4)).containsExactly("operation_start");
        assertThat(told()).hasSize(7);
        assertThat(told().toString()).contains("a***@example.test").doesNotContain("ann@example.test");
        for (ServiceHub again : List.of(next, restarted())) {
            assertThatJson(metrics(again))
                    .isObject()
                    .containsEntry("totalOperations", 3)
                    .containsEntry("successfulOperations", 1)
                    .containsEntry("partialOperations", 1)
                    .containsEntry("failedOperations", 2);
            assertThat(Objects.requireNonNull(again.counts().get("failed")).getAsLong())
                    .as("one stands, and has not ended")
                    .isEqualTo(1);
        }
        // 59, 58 and 57 seconds: they began one second after another.
        assertThatJson(metrics(next)).node("averageOperationTime").isEqualTo(58_000.0);
        assertThat(told()).hasSize(7);
    }

    @Test
    void aRunThatIsRetriedBeginsAndEndsOnceMore() {
        ServiceHub hub = restarted();
        start(hub, 1, "collaboration");
        change(hub, 1, RunState.PARKED, null, new StepError("java.io.IOException", "no answer", "converse"));
        assertThatJson(metrics(hub)).node("failedOperations").isEqualTo(1);
        change(hub, 1, RunState.RUNNING, null, null);
        assertThatJson(metrics(hub)).node("totalOperations").isEqualTo(0);
        hub.tried(find(1), new StepKey("converse"), Sample.NOON, Sample.NOON, false);
        hub.tried(find(1), new StepKey("notify"), Sample.NOON, Sample.NOON, false);
        change(hub, 1, RunState.COMPLETED, Sample.json("{\"data\":{}}"), null);

        assertThat(told(1))
                .containsExactly("operation_start", "operation_error", "operation_start", "operation_complete");
        assertThatJson(metrics(hub))
                .isObject()
                .containsEntry("totalOperations", 1)
                .containsEntry("successfulOperations", 1)
                .containsEntry("successRate", 1.0);
    }

    @Test
    void bodiesThatAreNoObjectsAreTold() {
        ServiceHub hub = restarted();
        start(hub, run(1, "[]"));
        change(hub, 1, RunState.CANCELLED, null, null);
        start(hub, run(2, "\"text\""));
        change(hub, 2, RunState.COMPLETED, Sample.json("[]"), null);

        assertThat(told(1)).containsExactly("operation_start", "operation_error");
        assertThat(told(2)).containsExactly("operation_start", "operation_complete");
        assertThatJson(metrics(hub))
                .isObject()
                .containsEntry("successfulOperations", 1)
                .containsEntry("failedOperations", 1);
    }

    @Test
    void anEndOfWhichNothingCanBeMadeIsPassedBy() {
        Function<String, Map<String, @Nullable Object>> json = text -> {
            if (text.contains("strange")) {
                throw new IllegalStateException("Nothing can be made of this");
            }
            return RouteRuntime.readObject(text);
        };
        ServiceHub hub = hub(this::events, json, Runnable::run);
        start(hub, run(1, "{\"strange\":1}"));
        start(hub, run(2, "{}"));
        change(hub, 1, RunState.CANCELLED, null, null);
        change(hub, 2, RunState.COMPLETED, Sample.json("{}"), null);

        assertThat(told(2)).containsExactly("operation_start", "operation_complete");
        assertThatJson(metrics(hub)).node("totalOperations").isEqualTo(1);
        assertThatJson(metrics(restarted())).node("totalOperations").isEqualTo(1);
    }

    @Test
    void aRunThatIsRetriedBeforeItsEndIsToldEndsOnceMore() {
        Queue<Runnable> waiting = new ArrayDeque<>();
        ServiceHub hub = hub(this::events, RouteRuntime::readObject, waiting::add);
        runAll(waiting);
        start(hub, 1, "collaboration");
        change(hub, 1, RunState.PARKED, null, new StepError("java.io.IOException", "no answer", "converse"));
        change(hub, 1, RunState.RUNNING, null, null);
        runAll(waiting);
        hub.tried(find(1), new StepKey("converse"), Sample.NOON, Sample.NOON, false);
        runAll(waiting);
        assertThat(told(1)).containsExactly("operation_start", "operation_error", "operation_start");

        change(hub, 1, RunState.COMPLETED, Sample.json("{\"data\":{}}"), null);
        runAll(waiting);

        assertThat(told(1))
                .containsExactly("operation_start", "operation_error", "operation_start", "operation_complete");
        assertThat(told().toString()).contains("The run is parked").doesNotContain("The run is running");
    }

    @Test
    void aChangeOfHealthThatCannotBeToldIsToldAtTheNextCheck() {
        AtomicBoolean isFull = new AtomicBoolean(true);
        ServiceHub hub = hub(() -> {
            if (isFull.get()) {
                throw new StoreUnavailable("The disk is full");
            }
            return events();
        });

        assertThat(check(hub)).containsEntry("overall", "degraded");
        isFull.set(false);
        check(hub);
        check(hub);

        assertThat(told()).extracting(Event::type).containsExactly("service_health_change");
    }

    private static Map<String, @Nullable Object> check(ServiceHub hub) {
        ControlRequest request =
                new ControlRequest(Map.of("overall", "degraded"), name -> Optional.empty(), "r", "c", Optional.empty());
        return Objects.requireNonNull(hub.operations().get("hub-health"))
                .answer(request)
                .fields();
    }

    @Test
    void whoAsksForFiguresTellsNothingBesideWhatIsBeingTold() {
        Set<Thread> tellers = ConcurrentHashMap.newKeySet();
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            ServiceHub hub = hub(
                    () -> {
                        tellers.add(Thread.currentThread());
                        return events();
                    },
                    RouteRuntime::readObject,
                    executor);
            store.start(run(1, "{}")).join();
            write(1, RunState.CANCELLED, null, null);

            assertThatJson(metrics(hub)).node("failedOperations").isEqualTo(1);
            assertThat(told(1)).containsExactly("operation_start", "operation_error");
            assertThat(tellers).hasSize(1).doesNotContain(Thread.currentThread());
        } finally {
            executor.shutdown();
        }
    }

    /** Also what these lead to. */
    private static void runAll(Queue<Runnable> tasks) {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }
}
