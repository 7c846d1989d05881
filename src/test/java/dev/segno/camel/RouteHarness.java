package dev.segno.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.segno.camel.javadsl.RouteJar;
import dev.segno.camel.service.ServiceCalls;
import dev.segno.camel.yaml.CheckSettings;
import dev.segno.camel.yaml.Policy;
import dev.segno.camel.yaml.Problem;
import dev.segno.camel.yaml.RouteFileChecker;
import dev.segno.run.Engine;
import dev.segno.run.Payload;
import dev.segno.run.Run;
import dev.segno.run.RunExecutor;
import dev.segno.run.RunState;
import dev.segno.run.RunStore;
import dev.segno.run.StartOutcome;
import dev.segno.run.StartRequest;
import dev.segno.run.StepRecord;
import dev.segno.store.SqliteRunStore;
import dev.segno.store.StoreSettings;
import dev.segno.trigger.Schedules;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A node with its real store in a directory, without HTTP: loads route files, starts runs, and can die at any moment and
 * be started again. Rests between tries take no time. Used by one thread.
 */
final class RouteHarness implements AutoCloseable {

    final World world = new World();

    /** Largest body that is recorded, in bytes; counts at the next start. */
    long maxBody = 60L * 1024 * 1024;

    /** Whether timers take their time; counts at the next start. */
    boolean timersTakeTime;

    /** What the engine takes the time from; counts at the next start. */
    Clock clock = Clock.systemUTC();

    final Map<String, String> settings = new ConcurrentHashMap<>();

    private final Path routes;
    private final Path data;
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final List<Life> dead = new ArrayList<>();
    private @Nullable Life current;
    private @Nullable Schedules schedules;
    private List<Problem> problems = List.of();
    private final Set<String> components = Set.of("effect");

    /** What ends with the process. */
    private record Life(
            RouteRuntime runtime,
            SqliteRunStore store,
            ScheduledExecutorService timer,
            RunExecutor executor,
            ServiceCalls calls,
            AtomicBoolean gone) {}

    RouteHarness(Path directory) {
        routes = directory.resolve("routes");
        data = directory.resolve("data");
    }

    /** Writes a file of routes; it counts at the next {@link #start()}. */
    RouteHarness file(String path, String text) {
        try {
            Path file = routes.resolve(path);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return this;
    }

    /** Writes a jar with classes of routes; it counts at the next {@link #start()}. */
    RouteHarness jar(String path, Class<?>... classes) {
        try {
            RouteJar.write(routes.resolve(path), classes);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return this;
    }

    /** What a file says. */
    String text(String path) {
        try {
            return Files.readString(routes.resolve(path));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    void delete(String path) {
        try {
            Files.delete(routes.resolve(path));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes a file with the orchestration {@code sync} of these steps, and what else is to stand in it. */
    RouteHarness sync(String steps, String... more) {
        return file("test/sync.camel.yaml", orchestration("sync", "", steps) + String.join("\n", more));
    }

    /** An orchestration as YAML. */
    static String orchestration(String name, String options, String steps) {
        return """
                - route:
                    id: %s
                %s    from:
                      uri: orchestration:%s
                      steps:
                %s
                """.formatted(name, options, name, steps.indent(8));
    }

    /** A {@code direct:} route as YAML. */
    static String direct(String name, String steps) {
        return """
                - route:
                    id: %s
                    from:
                      uri: direct:%s
                      steps:
                %s
                """.formatted(name, name, steps.indent(8));
    }

    /** Starts a process and loads all files. */
    RouteHarness load() {
        SqliteRunStore store =
                SqliteRunStore.open(data, StoreSettings.defaults().withWal(1_000, false), Clock.systemUTC());
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "timer");
            thread.setDaemon(true);
            return thread;
        });
        RunExecutor executor = new RunExecutor(8, 64, timer);
        AtomicBoolean gone = new AtomicBoolean();
        ServiceCalls calls = new ServiceCalls(vertx, this::setting, executor, 1024 * 1024);
        RouteRuntime runtime = new RouteRuntime(new RouteRuntime.Parts(
                store,
                clock,
                timersTakeTime
                        ? (delay, task) -> timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS)
                        : (delay, task) -> task.run(),
                task -> {
                    if (!gone.get()) {
                        executor.execute(task);
                    }
                },
                this::setting,
                calls,
                checks(),
                maxBody));
        schedules = new Schedules(new Schedules.Parts(
                store.schedules(),
                runtime.engine(),
                Clock.systemUTC(),
                (delay, task) -> timer.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS),
                executor));
        runtime.use(schedules);
        runtime.use(store.betweenRuns(), Duration.ofDays(7));
        runtime.context().addComponent("effect", world.component());
        // A dead process is not shut down; here it shares its memory with the next one, and must not be waited for.
        runtime.context().getShutdownStrategy().setTimeUnit(TimeUnit.MILLISECONDS);
        runtime.context().getShutdownStrategy().setTimeout(1);
        runtime.context().getShutdownStrategy().setLogInflightExchangesOnTimeout(false);
        current = new Life(runtime, store, timer, executor, calls, gone);
        try (Stream<Path> files = Files.walk(routes)) {
            List<RouteSource> sources =
                    new ArrayList<>(files.filter(file -> file.toString().endsWith(".camel.yaml")
                                    || file.toString().endsWith(".kamelet.yaml"))
                            .sorted()
                            .map(file -> new RouteSource(routes, file))
                            .toList());
            Path call = Path.of("routes", "kamelets", "call.kamelet.yaml");
            if (!Files.exists(routes.resolve("kamelets/call.kamelet.yaml"))) {
                sources.add(new RouteSource(Path.of("routes"), call));
            }
            problems = runtime.load(sources, jars());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return this;
    }

    private List<RouteSource> jars() throws IOException {
        Path lib = routes.resolve("lib");
        if (!Files.exists(lib)) {
            return List.of();
        }
        try (Stream<Path> jars = Files.list(lib)) {
            return jars.sorted().map(jar -> new RouteSource(routes, jar)).toList();
        }
    }

    /** {@link #load()}, and all files have to be right. */
    RouteHarness start() {
        load();
        assertThat(problems).isEmpty();
        return this;
    }

    private CheckSettings checks() {
        return CheckSettings.DEFAULT
                .withPolicy(Policy.DEFAULT.forTests().withComponents(components))
                .withSettings(new HashMap<>(settings));
    }

    /** Saves a file while the process runs; answers with what is wrong with it. */
    List<Problem> save(String path, String text) {
        file(path, text);
        return runtime().loader().apply(RouteFileChecker.check(routes, routes.resolve(path), checks()));
    }

    private Optional<String> setting(String name) {
        return Optional.ofNullable(settings.get(name));
    }

    private Life life() {
        if (current == null) {
            throw new IllegalStateException("No process was started");
        }
        return current;
    }

    /** What was wrong with the files. */
    List<Problem> problems() {
        return problems;
    }

    RouteRuntime runtime() {
        return life().runtime();
    }

    /** The schedules of the files, which fire once they are told to begin. */
    Schedules schedules() {
        return Objects.requireNonNull(schedules);
    }

    Engine engine() {
        return runtime().engine();
    }

    RunStore store() {
        return life().store();
    }

    Path data() {
        return data;
    }

    String begin(@Nullable Object input) {
        return begin("sync", input, Map.of());
    }

    /** Starts a run. */
    String begin(String orchestration, @Nullable Object input, Map<String, Object> headers) {
        Payload.Inline payload = input == null
                ? (Payload.Inline) Payload.NONE
                : new Payload.Inline(Payload.Kind.JSON, Json.bytes(input));
        StartRequest request =
                new StartRequest(orchestration, payload, headers.isEmpty() ? null : Json.text(headers), null);
        try {
            Engine.Start start = engine().start(request).get(30, TimeUnit.SECONDS);
            return ((StartOutcome.Started) start.outcome()).runId();
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Starts a run and waits for its end. */
    Run run(@Nullable Object input) {
        return end(begin(input));
    }

    /** The run when it has ended or stands. */
    Run end(String runId) {
        await().pollInterval(Duration.ofMillis(5))
                .atMost(Duration.ofSeconds(60))
                .until(() ->
                        hasEnded(stored(runId).state()) && engine().live(runId).isEmpty());
        return stored(runId);
    }

    /** Asked of a state that was read once: between two reads a run may go on. */
    private static boolean hasEnded(RunState state) {
        return state.isFinal() || state == RunState.PARKED || state == RunState.BLOCKED;
    }

    /** The run, which has to complete. */
    Run completed(String runId) {
        Run run = end(runId);
        assertThat(run.state()).as("%s", run.error()).isEqualTo(RunState.COMPLETED);
        return run;
    }

    Run stored(String runId) {
        return store().find(runId).orElseThrow();
    }

    @Nullable
    Object output(Run run) {
        Payload output = run.output();
        return output == null ? null : runtime().value(output);
    }

    /** Keys of the records of a run, in the order of the journal; handled failures are marked. */
    List<String> journal(String runId) {
        return store().journal(runId).stream()
                .map(record -> record.outcome() instanceof StepRecord.HandledFailure
                        ? record.key() + " failed"
                        : record.key().path())
                .toList();
    }

    StepRecord record(String runId, String key) {
        return store().journal(runId).stream()
                .filter(record -> record.key().path().equals(key))
                .findFirst()
                .orElseThrow();
    }

    /** The body that a step left behind. */
    @Nullable
    Object recorded(String runId, String key) {
        return runtime().value(((StepRecord.Completed) record(runId, key).outcome()).body());
    }

    /** The process is gone; what is on disk stays. */
    void die() {
        Life mine = life();
        mine.gone().set(true);
        mine.store().close();
        mine.executor().close();
        mine.timer().shutdownNow();
        dead.add(mine);
        current = null;
        world.nextLife();
    }

    /** Dies, and a new process loads the files and lets the open runs go on. */
    RouteHarness restart() {
        die();
        start();
        runtime().recover();
        return this;
    }

    @Override
    public void close() {
        if (current != null) {
            die();
        }
        for (Life old : dead) {
            old.runtime().close();
            old.calls().close();
        }
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
