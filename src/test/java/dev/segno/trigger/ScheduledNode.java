package dev.segno.trigger;

import dev.segno.run.Definition;
import dev.segno.run.Engine;
import dev.segno.run.Execution;
import dev.segno.run.Orchestration;
import dev.segno.run.Orchestrations;
import dev.segno.run.Payload;
import dev.segno.run.Run;
import dev.segno.run.RunQuery;
import dev.segno.run.RunState;
import dev.segno.run.SettableClock;
import dev.segno.run.StartOutcome;
import dev.segno.run.StartRequest;
import dev.segno.store.SqliteRunStore;
import dev.segno.store.StoreSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Schedules, an engine and a store, with a clock, timers and threads that the test drives. Runs of the orchestration
 * {@code job} end at once, unless they are held. Not thread-safe.
 */
final class ScheduledNode implements AutoCloseable, Orchestrations {

    private static final Definition BARRIER =
            new Definition("barrier", "1", "barrier.camel.yaml", "", "{}", Instant.EPOCH);

    private record Timer(Duration due, Runnable task) {}

    final SettableClock clock;

    /** Whether runs stay under way until {@link #endRuns}. */
    boolean hold;

    /** Whether the orchestration takes one run at a time. */
    boolean singleton;

    private final Path directory;
    private final Map<String, Execution> held = new LinkedHashMap<>();
    private List<Timer> timers = new ArrayList<>();
    private Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private Duration uptime = Duration.ZERO;
    private boolean started;
    private int ids;
    private SqliteRunStore store;
    private Engine engine;
    private Schedules schedules;

    ScheduledNode(Path directory, String now) {
        this.directory = directory;
        this.clock = new SettableClock(Instant.parse(now));
        this.store = openStore();
        this.engine = newEngine();
        this.schedules = newSchedules();
    }

    private SqliteRunStore openStore() {
        return SqliteRunStore.open(directory, StoreSettings.defaults().withWal(200, false), clock);
    }

    private Engine newEngine() {
        Queue<Runnable> mine = new ConcurrentLinkedQueue<>();
        tasks = mine;
        timers = new ArrayList<>();
        return new Engine(
                store, this, clock, (delay, task) -> {}, mine::add, new Random(1), () -> "run-%06d".formatted(++ids));
    }

    private Schedules newSchedules() {
        List<Timer> mine = timers;
        return new Schedules(new Schedules.Parts(
                store.schedules(),
                engine,
                clock,
                (delay, task) -> mine.add(new Timer(uptime.plus(delay), task)),
                tasks::add));
    }

    Schedules schedules() {
        return schedules;
    }

    Schedules.Registration register(String cron, String zone, MisfirePolicy misfire, OverlapRule overlap) {
        return register("test", cron, zone, misfire, overlap);
    }

    /** Adds the schedule {@code tick}, which starts the orchestration {@code job}. */
    Schedules.Registration register(
            String owner, String cron, String zone, MisfirePolicy misfire, OverlapRule overlap) {
        return schedules.register(new Schedule("tick", Cron.of(cron, zone), misfire, overlap), owner, this::start);
    }

    void begin() {
        schedules.begin();
        settle();
    }

    /** What a route to {@code orchestration:job} does. */
    CompletableFuture<FireTarget.Result> start(Fire fire) {
        return start(fire.startKey());
    }

    CompletableFuture<FireTarget.Result> start(String key) {
        started = true;
        return engine.start(new StartRequest("job", (Payload.Inline) Payload.NONE, null, key))
                .thenApply(start -> {
                    StartOutcome outcome = start.outcome();
                    if (outcome instanceof StartOutcome.Busy busy) {
                        return new FireTarget.Result.Busy(busy.runId());
                    }
                    return new FireTarget.Result.Started(
                            outcome instanceof StartOutcome.Existing existing
                                    ? existing.runId()
                                    : ((StartOutcome.Started) outcome).runId());
                });
    }

    /** Lets everything happen that can happen without time going by. */
    void settle() {
        do {
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                task.run();
            }
            if (started) {
                // Writes are answered in their order: behind this one, all earlier ones have been.
                store.saveDefinition(BARRIER).join();
            }
        } while (!tasks.isEmpty());
    }

    /** Time goes by, for clock and timers alike. */
    void elapse(Duration by) {
        Duration end = uptime.plus(by);
        settle();
        while (true) {
            Optional<Timer> next = timers.stream()
                    .filter(timer -> timer.due().compareTo(end) <= 0)
                    .min(Comparator.comparing(Timer::due));
            if (next.isEmpty()) {
                break;
            }
            timers.remove(next.get());
            moveTo(next.get().due());
            next.get().task().run();
            settle();
        }
        moveTo(end);
    }

    private void moveTo(Duration moment) {
        clock.advance(moment.minus(uptime));
        uptime = moment;
    }

    /** Somebody sets the clock; no time goes by. */
    void jump(Duration by) {
        clock.advance(by);
    }

    /** The process is gone with all that it had in memory; what is on disk stays. Routes have to be registered again. */
    void crash() {
        store.close();
        held.clear();
        store = openStore();
        engine = newEngine();
        schedules = newSchedules();
        engine.recover();
        settle();
    }

    /** As {@link #crash}, and the next process starts after this time. */
    void crashFor(Duration downtime) {
        store.close();
        clock.advance(downtime);
        store = openStore();
        crash();
    }

    /** Time goes by, and of all that becomes due so many tasks are done before the process is gone. */
    void crashAfter(Duration by, int lastTasks) {
        moveTo(uptime.plus(by));
        timers.stream()
                .filter(timer -> timer.due().compareTo(uptime) <= 0)
                .toList()
                .forEach(timer -> timer.task().run());
        for (int i = 0; i < lastTasks; i++) {
            store.saveDefinition(BARRIER).join();
            Runnable task = tasks.poll();
            if (task != null) {
                task.run();
            }
        }
        store.saveDefinition(BARRIER).join();
        crash();
    }

    /** Lets the runs end that are held, and all that follows from it. */
    void endRuns() {
        List<Execution> ending = List.copyOf(held.values());
        held.clear();
        ending.forEach(execution -> execution.completed(Payload.NONE));
        settle();
    }

    List<String> heldRuns() {
        return List.copyOf(held.keySet());
    }

    /** All fires up to now, earliest first, as {@code time outcome}. */
    List<String> fires() {
        return store.schedules().fires("tick", Instant.EPOCH, Instant.parse("2200-01-01T00:00:00Z")).stream()
                .map(fire -> fire.at() + " " + fire.outcome())
                .toList();
    }

    List<Fire> fires(Fire.Outcome outcome) {
        return store.schedules().fires("tick", Instant.EPOCH, Instant.parse("2200-01-01T00:00:00Z")).stream()
                .filter(fire -> fire.outcome() == outcome)
                .toList();
    }

    /** The fire times of all runs that there are, in the order in which the runs were started. */
    List<Instant> runTimes() {
        List<Run> runs = new ArrayList<>();
        Optional<String> before = Optional.empty();
        do {
            List<Run> page = store.list(new RunQuery(Optional.of("job"), Optional.empty(), before, 500));
            runs.addAll(page);
            before = page.isEmpty()
                    ? Optional.empty()
                    : Optional.of(page.get(page.size() - 1).id());
        } while (before.isPresent());
        return runs.stream()
                .filter(run -> run.startKey() != null && run.startKey().startsWith("schedule/tick/"))
                .sorted(Comparator.comparing(Run::id))
                .map(run -> Instant.parse(String.valueOf(run.startKey()).substring("schedule/tick/".length())))
                .toList();
    }

    RunState stateOf(String runId) {
        return store.find(runId).orElseThrow().state();
    }

    @Override
    public Optional<Orchestration> current(String name) {
        return name.equals("job") ? Optional.of(new Job()) : Optional.empty();
    }

    @Override
    public Orchestration version(String name, String version) {
        return new Job();
    }

    @Override
    public void close() {
        store.close();
    }

    /** An orchestration without steps. */
    private final class Job implements Orchestration {
        @Override
        public String name() {
            return "job";
        }

        @Override
        public String version() {
            return "1";
        }

        @Override
        public Options options() {
            return new Options(singleton, Durability.STRICT, OnFailure.PARK);
        }

        @Override
        public void execute(Execution execution) {
            if (hold) {
                held.put(execution.id(), execution);
            } else {
                execution.completed(Payload.NONE);
            }
        }
    }
}
