package dev.segno.telemetry;

import dev.segno.camel.service.ServiceCalls;
import dev.segno.run.Engine;
import dev.segno.run.RunExecutor;
import dev.segno.store.OpenRuns;
import dev.segno.store.SqliteRunStore;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The figures of a node in the text format of Prometheus. From the first moment on things are counted; the registry that
 * writes them down is made when somebody asks for the first time. Thread-safe.
 */
public final class Metrics implements AutoCloseable {

    private final RunFigures figures = new RunFigures();
    private final Map<String, Dropped> dropped = new TreeMap<>();
    private final SqliteRunStore store;
    private final Engine engine;
    private final RunExecutor executor;
    private @Nullable Registry registry;

    private record Dropped(String help, LongSupplier count) {}

    /** The registry, and what must be told it before it is read. */
    private record Registry(PrometheusMeterRegistry meters, MultiGauge open, JvmGcMetrics collections) {}

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
        dropped.put(name, new Dropped(help, count));
    }

    /**
     * All figures as they are now. Reads the store, hence blocks.
     *
     * @return in the text format 0.0.4
     */
    public synchronized String prometheusText() {
        Registry known = registry;
        if (known == null) {
            known = newRegistry();
            registry = known;
        }
        known.open().register(store.openRuns().stream().map(Metrics::row).toList(), true);
        return known.meters().scrape();
    }

    private static MultiGauge.Row<Number> row(OpenRuns open) {
        return MultiGauge.Row.of(
                Tags.of(
                        "orchestration",
                        open.orchestration(),
                        "state",
                        open.state().name().toLowerCase(Locale.ROOT)),
                open.runs());
    }

    private Registry newRegistry() {
        PrometheusRegistry collectors = new PrometheusRegistry();
        collectors.register(new RunSnapshots(figures));
        PrometheusMeterRegistry meters =
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, collectors, Clock.SYSTEM);
        gauge(meters, "segno.runs.live", "Runs under way on this node", engine::liveCount);
        gauge(meters, "segno.run.followers", "Clients and routes that follow runs of this node", engine::followers);
        gauge(meters, "segno.run.threads", "Threads on which runs go on", executor::size);
        gauge(meters, "segno.run.tasks.waiting", "Tasks that wait for such a thread", executor::waiting);
        gauge(meters, "segno.store.writes.queued", "Writes that wait for their commit", store::queuedWrites);
        gauge(meters, "segno.store.writable", "1 while the store takes writes", () -> store.isWritable() ? 1 : 0);
        dropped.forEach((name, what) -> FunctionCounter.builder(
                        name, what, drop -> drop.count().getAsLong())
                .description(what.help())
                .register(meters));
        JvmGcMetrics collections = new JvmGcMetrics();
        collections.bindTo(meters);
        new JvmMemoryMetrics().bindTo(meters);
        new JvmThreadMetrics().bindTo(meters);
        new ClassLoaderMetrics().bindTo(meters);
        new ProcessorMetrics().bindTo(meters);
        new UptimeMetrics().bindTo(meters);
        new FileDescriptorMetrics().bindTo(meters);
        MultiGauge open = MultiGauge.builder("segno.runs.open")
                .description("Runs that have not ended, by their state")
                .register(meters);
        return new Registry(meters, open, collections);
    }

    private static void gauge(PrometheusMeterRegistry meters, String name, String help, LongSupplier value) {
        Gauge.builder(name, value, LongSupplier::getAsLong)
                .description(help)
                .strongReference(true)
                .register(meters);
    }

    @Override
    public synchronized void close() {
        Registry known = registry;
        if (known != null) {
            known.collections().close();
            known.meters().close();
        }
    }
}
