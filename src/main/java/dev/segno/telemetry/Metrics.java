package dev.segno.telemetry;

import dev.segno.camel.service.ServiceCalls;
import dev.segno.run.Engine;
import dev.segno.run.RunExecutor;
import dev.segno.store.SqliteRunStore;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The figures of a node in the text format of Prometheus. From the first moment on things are counted; what writes them down
 * is made when somebody asks for the first time. Thread-safe.
 */
public final class Metrics implements AutoCloseable {

    private final RunFigures figures = new RunFigures();
    private final Map<String, Count> counts = new TreeMap<>();
    private final SqliteRunStore store;
    private final Engine engine;
    private final RunExecutor executor;
    private @Nullable PrometheusText text;

    /** A number that somebody else keeps: one that only grows, or a level. */
    record Count(String help, LongSupplier count, boolean grows) {}

    private Metrics(SqliteRunStore store, Engine engine, RunExecutor executor) {
        this.store = store;
        this.engine = engine;
        this.executor = executor;
    }

    /** Counts from now on. */
    public static Metrics of(SqliteRunStore store, Engine engine, RunExecutor executor, ServiceCalls calls) {
        Metrics metrics = new Metrics(store, engine, executor);
        engine.observe(metrics.figures);
        calls.observe(metrics.figures);
        store.observe(metrics.figures);
        return metrics;
    }

    /** Adds a count that somebody else keeps, as of what was given up rather than waited for; to be called before anybody asks. */
    public synchronized void addCount(String name, String help, LongSupplier count) {
        counts.put(name, new Count(help, count, true));
    }

    /** Adds a number that goes up and down, as of what is open; to be called before anybody asks. */
    public synchronized void addLevel(String name, String help, LongSupplier level) {
        counts.put(name, new Count(help, level, false));
    }

    /**
     * All figures as they are now. Reads the store, hence blocks.
     *
     * @return in the text format 0.0.4
     */
    public synchronized String prometheusText() {
        PrometheusText known = text;
        if (known == null) {
            known = new PrometheusText(figures, store, engine, executor, counts);
            text = known;
        }
        return known.now();
    }

    @Override
    public synchronized void close() {
        if (text != null) {
            text.close();
        }
    }
}
