package dev.segno.telemetry;

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
import java.util.function.LongSupplier;

/**
 * Writes figures down. It alone names the classes of Micrometer, so that a node of which nobody asks for figures loads none of
 * them: to check a class, Java loads what is handed from one type to another in it. Used by one thread at a time.
 */
final class PrometheusText implements AutoCloseable {

    private final SqliteRunStore store;
    private final PrometheusMeterRegistry meters;
    private final MultiGauge open;
    private final JvmGcMetrics collections = new JvmGcMetrics();

    PrometheusText(
            RunFigures figures,
            SqliteRunStore store,
            Engine engine,
            RunExecutor executor,
            Map<String, Metrics.Count> counts) {
        this.store = store;
        PrometheusRegistry collectors = new PrometheusRegistry();
        collectors.register(new RunSnapshots(figures));
        meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, collectors, Clock.SYSTEM);
        gauge("segno.runs.live", "Runs under way on this node", engine::liveCount);
        gauge("segno.run.followers", "Clients and routes that follow runs of this node", engine::followers);
        gauge("segno.run.threads", "Threads on which runs go on", executor::size);
        gauge("segno.run.tasks.waiting", "Tasks that wait for such a thread", executor::waiting);
        gauge("segno.store.writes.queued", "Writes that wait for their commit", store::queuedWrites);
        gauge("segno.store.writable", "1 while the store takes writes", () -> store.isWritable() ? 1 : 0);
        counts.forEach((name, what) -> {
            if (what.grows()) {
                FunctionCounter.builder(name, what, one -> one.count().getAsLong())
                        .description(what.help())
                        .register(meters);
            } else {
                gauge(name, what.help(), what.count());
            }
        });
        collections.bindTo(meters);
        new JvmMemoryMetrics().bindTo(meters);
        new JvmThreadMetrics().bindTo(meters);
        new ClassLoaderMetrics().bindTo(meters);
        new ProcessorMetrics().bindTo(meters);
        new UptimeMetrics().bindTo(meters);
        new FileDescriptorMetrics().bindTo(meters);
        open = MultiGauge.builder("segno.runs.open")
                .description("Runs that have not ended, by their state")
                .register(meters);
    }

    private void gauge(String name, String help, LongSupplier value) {
        Gauge.builder(name, value, LongSupplier::getAsLong)
                .description(help)
                .strongReference(true)
                .register(meters);
    }

    /** All figures as they are now; reads the store. */
    String now() {
        open.register(store.openRuns().stream().map(PrometheusText::row).toList(), true);
        return meters.scrape();
    }

    private static MultiGauge.Row<Number> row(OpenRuns runs) {
        return MultiGauge.Row.of(
                Tags.of(
                        "orchestration",
                        runs.orchestration(),
                        "state",
                        runs.state().name().toLowerCase(Locale.ROOT)),
                runs.runs());
    }

    @Override
    public void close() {
        collections.close();
        meters.close();
    }
}
