package dev.segno.run;

import dev.segno.store.SqliteRunStore;
import dev.segno.store.StoreSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingDeque;
import org.jspecify.annotations.Nullable;

/**
 * An engine on a store in a directory, with a clock, timers and threads that the test drives: nothing happens unless the
 * test asks for it. Not thread-safe.
 */
final class DrivenNode implements AutoCloseable, Orchestrations {

    static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private static final Definition BARRIER = new Definition("barrier", "1", "barrier.camel.yaml", "", "{}", NOON);

    private record Timer(Instant due, Duration delay, Runnable task) {}

    final SettableClock clock = new SettableClock(NOON);
    final Effects effects = new Effects();

    private final Path directory;
    private final Map<String, Orchestration> versions = new HashMap<>();
    private final Map<String, Orchestration> current = new HashMap<>();
    private final Set<String> switchedOff = new HashSet<>();
    private final List<Timer> timers = new ArrayList<>();
    private Deque<Runnable> tasks = new LinkedBlockingDeque<>();
    private int ids;
    private RunStore store;
    private Engine engine;

    DrivenNode(Path directory) {
        this.directory = directory;
        this.store = openStore();
        this.engine = newEngine();
    }

    private RunStore openStore() {
        return SqliteRunStore.open(directory, StoreSettings.defaults().withWal(200, false), clock);
    }

    private Engine newEngine() {
        Deque<Runnable> mine = new LinkedBlockingDeque<>();
        tasks = mine;
        return new Engine(
                store,
                this,
                clock,
                (delay, task) -> timers.add(new Timer(clock.instant().plus(delay), delay, task)),
                mine::addLast,
                new Random(1),
                () -> "run-%04d".formatted(++ids));
    }

    Engine engine() {
        return engine;
    }

    RunStore store() {
        return store;
    }

    /** Loads a version, which becomes the current one. */
    void load(Orchestration orchestration) {
        versions.put(orchestration.name() + '@' + orchestration.version(), orchestration);
        current.put(orchestration.name(), orchestration);
    }

    /** New runs of it are refused. */
    void switchOff(String name) {
        switchedOff.add(name);
    }

    void forget(Orchestration orchestration) {
        versions.remove(orchestration.name() + '@' + orchestration.version());
    }

    @Override
    public Optional<Orchestration> current(String name) {
        if (switchedOff.contains(name)) {
            throw new RunConflict("'" + name + "' is switched off");
        }
        return Optional.ofNullable(current.get(name));
    }

    @Override
    public Orchestration version(String name, String version) throws UnknownVersion {
        Orchestration found = versions.get(name + '@' + version);
        if (found == null) {
            throw new UnknownVersion("There is no version " + version + " of '" + name + "'");
        }
        return found;
    }

    /** Lets everything happen that can happen without time going by. */
    void settle() {
        do {
            for (Runnable task = tasks.pollFirst(); task != null; task = tasks.pollFirst()) {
                task.run();
            }
            // Writes are answered in their order: behind this one, all earlier ones have been.
            store.saveDefinition(BARRIER).join();
        } while (!tasks.isEmpty());
    }

    /** Lets a number of tasks go on; false when there were not so many. */
    boolean runTasks(int count) {
        for (int done = 0; done < count; done++) {
            store.saveDefinition(BARRIER).join();
            Runnable task = tasks.pollFirst();
            if (task == null) {
                return false;
            }
            task.run();
        }
        return true;
    }

    /** Lets the task go on that was handed over last, before those that wait longer. */
    void runLatestTask() {
        store.saveDefinition(BARRIER).join();
        tasks.removeLast().run();
        // What the task wrote is on disk when this returns.
        store.saveDefinition(BARRIER).join();
    }

    /** Number of tasks that wait for a thread. */
    int waitingTasks() {
        store.saveDefinition(BARRIER).join();
        return tasks.size();
    }

    /** Lets time go by, and everything happen that becomes due. */
    void advance(Duration by) {
        clock.advance(by);
        settle();
        for (boolean due = true; due; ) {
            Optional<Timer> next = timers.stream()
                    .filter(timer -> !timer.due().isAfter(clock.instant()))
                    .min(Comparator.comparing(Timer::due));
            due = next.isPresent();
            next.ifPresent(timer -> {
                timers.remove(timer);
                timer.task().run();
                settle();
            });
        }
    }

    /** The delays that were asked for since the last call. */
    List<Duration> delays() {
        return timers.stream().map(Timer::delay).toList();
    }

    /** The value of a future that has to be there once everything has settled. */
    <T> T await(CompletableFuture<T> future) {
        settle();
        if (!future.isDone()) {
            throw new AssertionError("Everything has settled, and the future is still open");
        }
        return future.join();
    }

    /** Starts a run. */
    String start(String orchestration) {
        return start(new StartRequest(orchestration, Effects.text("input"), null, null));
    }

    String start(StartRequest request) {
        CompletableFuture<Engine.Start> start = engine.start(request);
        return await(start).outcome().runId();
    }

    Run run(String runId) {
        return store.find(runId).orElseThrow();
    }

    /** Keys of a run's records, in the order of the journal; handled failures with their clause. */
    List<String> journal(String runId) {
        return store.journal(runId).stream().map(DrivenNode::describe).toList();
    }

    private static String describe(StepRecord record) {
        if (record.outcome() instanceof StepRecord.HandledFailure handled) {
            String clause = handled.clause();
            return record.key() + " failed" + (clause == null ? "" : " into " + clause);
        }
        return record.key().path();
    }

    /** The process is gone, with all that was on its threads and timers. What is on disk stays. */
    void crash() {
        store.close();
        timers.clear();
        effects.forgetHeld();
        store = openStore();
        engine = newEngine();
    }

    /** A crash, and a new process that lets the open runs go on. */
    void restart() {
        crash();
        engine.recover();
        settle();
    }

    @Override
    public void close() {
        store.close();
    }

    /** What the steps of scripts do. */
    static final class Effects {

        /** Does the work of a try. */
        interface Work {
            StepBody.Result perform(int attempt);
        }

        private final Map<String, Work> works = new HashMap<>();
        private final Map<String, Deque<Runnable>> held = new HashMap<>();
        private final List<String> log = new ArrayList<>();
        private final Deque<String> toHold = new ArrayDeque<>();

        static Payload.Inline text(String text) {
            return new Payload.Inline(Payload.Kind.TEXT, text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }

        static StepBody.Result done(String text) {
            return new StepBody.Succeeded(text(text), null);
        }

        static StepBody.Result failed(Throwable error, Verdict verdict, RetryPolicy policy) {
            return new StepBody.Failed(error, verdict, policy);
        }

        /** Makes the step of this key do something else than to succeed. */
        void on(String key, Work work) {
            works.put(key, work);
        }

        /** Lets the step of this key succeed again. */
        void heal(String key) {
            works.remove(key);
        }

        /** Keeps the next try of this key that is not yet asked for under way until {@link #release}. */
        void hold(String key) {
            toHold.add(key);
        }

        /** Ends the oldest held try of this key. */
        void release(String key) {
            Runnable waiting = held.getOrDefault(key, new ArrayDeque<>()).pollFirst();
            if (waiting == null) {
                throw new AssertionError("'" + key + "' is not under way");
            }
            waiting.run();
        }

        void forgetHeld() {
            held.clear();
        }

        /** All tries in their order, as {@code key#attempt}. */
        List<String> log() {
            return List.copyOf(log);
        }

        void clearLog() {
            log.clear();
        }

        void perform(StepKey key, int attempt, java.util.function.Consumer<StepBody.Result> done) {
            log.add(key + "#" + attempt);
            @Nullable Work work = works.get(key.path());
            Runnable finish = () -> done.accept(work == null ? done(key.path()) : work.perform(attempt));
            if (toHold.remove(key.path())) {
                held.computeIfAbsent(key.path(), path -> new ArrayDeque<>()).addLast(finish);
            } else {
                finish.run();
            }
        }
    }
}
