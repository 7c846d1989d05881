package dev.segno.testkit;

import dev.segno.camel.RouteRuntime;
import dev.segno.camel.UnheardTriggers;
import dev.segno.camel.service.ServiceCalls;
import dev.segno.camel.yaml.CheckSettings;
import dev.segno.camel.yaml.CheckedRouteFile;
import dev.segno.camel.yaml.Problem;
import dev.segno.run.Definition;
import dev.segno.run.Engine;
import dev.segno.run.RunStore;
import dev.segno.run.WaitTokens;
import dev.segno.secret.Seal;
import dev.segno.shopping.ShoppingAssistant;
import dev.segno.shopping.ShoppingSettings;
import dev.segno.store.SqliteRunStore;
import dev.segno.store.StoreSettings;
import dev.segno.trigger.Schedules;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * What a node is without its HTTP server: engine, store and routes, by a time that is skipped. It can die at any moment: what
 * has not begun by then never does, and what is on disk stays. Used by one thread, but for what runs in it.
 */
final class TestProcess implements AutoCloseable {

    private static final Duration KEEP_KEYS = Duration.ofDays(7);
    private static final Duration KEEP_NOTICES = Duration.ofDays(365);
    private static final int MAX_ANSWER_BYTES = 10 * 1024 * 1024;
    private static final long MAX_BODY_BYTES = 100L * 1000 * 1000;
    private static final Duration MOMENT = Duration.ofMillis(3);
    private static final int WAL_PAGES = 1_000;

    /** Written to learn that all writes before have been answered. */
    private static final String BARRIER = "segno-test-barrier";

    private final SkippedTime time;
    private final Activity activity = new Activity();
    private final ExecutorService threads;
    private final SqliteRunStore store;
    private final ServiceCalls calls;
    private final RouteRuntime runtime;
    private volatile BooleanSupplier dies = () -> false;
    private volatile boolean gone;

    /**
     * What a process is started with.
     *
     * @param data     directory of the store, perhaps of a process before it
     * @param settings value of a setting by its name
     */
    record Parts(Vertx vertx, Path data, SkippedTime time, Function<String, Optional<String>> settings) {}

    private TestProcess(Parts parts) {
        time = parts.time();
        threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "segno-test-run");
            thread.setDaemon(true);
            return thread;
        });
        calls = new ServiceCalls(
                parts.vertx(), time.ofCalls(activity), parts.settings(), this::execute, MAX_ANSWER_BYTES);
        store = SqliteRunStore.open(parts.data(), StoreSettings.defaults().withWal(WAL_PAGES, false), time);
        runtime = new RouteRuntime(new RouteRuntime.Parts(
                store, time, time, this::execute, parts.settings(), calls, CheckSettings.DEFAULT, MAX_BODY_BYTES));
        runtime.use(new Schedules(new Schedules.Parts(store.schedules(), runtime.engine(), time, time, this::execute)));
        runtime.use(store.betweenRuns(), KEEP_KEYS);
        runtime.use(store.notices(), time, KEEP_NOTICES);
        runtime.use(new WaitTokens(new byte[WaitTokens.SECRET_BYTES]));
        runtime.useAssistant(() -> new ShoppingAssistant(new ShoppingAssistant.Parts(
                store.sessions(), runtime.engine(), ShoppingSettings.DEFAULT, time, () -> item -> {}, this::execute)));
        runtime.use(new Seal(store.sealedValues(), () -> new byte[Seal.SECRET_BYTES], time));
        UnheardTriggers.addTo(runtime.context());
        // What is still in flight when a case is over, or a process is gone, is not waited for.
        runtime.context().getShutdownStrategy().setTimeUnit(TimeUnit.MILLISECONDS);
        runtime.context().getShutdownStrategy().setTimeout(1);
        runtime.context().getShutdownStrategy().setLogInflightExchangesOnTimeout(false);
    }

    /** A process with its routes loaded; nothing goes on in it yet. */
    static TestProcess start(Parts parts, List<CheckedRouteFile> routes) throws Exception {
        TestProcess process = new TestProcess(parts);
        List<Problem> problems = process.runtime.loadChecked(routes);
        if (!problems.isEmpty()) {
            process.close();
            throw new RoutesDoNotLoad(problems);
        }
        return process;
    }

    private void execute(Runnable task) {
        if (gone) {
            return;
        }
        activity.begun();
        threads.execute(() -> {
            try {
                if (!gone && !isToDie()) {
                    task.run();
                }
            } catch (RuntimeException e) {
                // What was in the middle of something when the process died meets closed doors.
                if (!gone) {
                    throw e;
                }
            } finally {
                activity.ended();
            }
        });
    }

    private boolean isToDie() {
        if (dies.getAsBoolean()) {
            die();
        }
        return gone;
    }

    /** Asked before anything goes on whether the process is gone. */
    void diesWhen(BooleanSupplier condition) {
        dies = condition;
    }

    /** From now on nothing begins. */
    void die() {
        gone = true;
        activity.abandon();
    }

    boolean isGone() {
        return gone;
    }

    Engine engine() {
        return runtime.engine();
    }

    RunStore store() {
        return store;
    }

    RouteRuntime runtime() {
        return runtime;
    }

    /** A call gets no answer. */
    void callRests() {
        activity.ended();
    }

    /**
     * Waits until nothing can happen unless time goes by, or the process is gone.
     *
     * @return whether that came within {@code patience} of real time
     */
    boolean settle(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() < deadline) {
            if (!activity.awaitQuiet(Duration.ofNanos(deadline - System.nanoTime()))) {
                return gone;
            }
            if (gone) {
                return true;
            }
            long before = activity.changes();
            // Writes are answered in their order; the second one is behind those that an answer brought about.
            barrier();
            barrier();
            if (activity.changes() == before && activity.awaitQuiet(Duration.ZERO)) {
                return true;
            }
        }
        return false;
    }

    private void barrier() {
        store.saveDefinition(new Definition(BARRIER, BARRIER, BARRIER, "", "{}", time.instant()))
                .join();
    }

    /** Something may go on that is not counted, such as a branch on a thread of Camel's: waits a moment for it. */
    void awaitChange() throws InterruptedException {
        activity.awaitChange(activity.changes(), MOMENT);
    }

    /** Ends the process as {@code kill -9} would; the store's files stay. */
    @Override
    public void close() {
        gone = true;
        time.forget();
        calls.close();
        store.close();
        runtime.close();
        threads.shutdown();
    }
}
