package dev.segno.telemetry;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.concurrent.atomic.LongAdder;

/** The {@link RunFigures} of one moment, in Prometheus' words. Thread-safe. */
final class RunSnapshots implements MultiCollector {

    private final RunFigures figures;

    RunSnapshots(RunFigures figures) {
        this.figures = figures;
    }

    @Override
    public MetricSnapshots collect() {
        return MetricSnapshots.of(
                counter("segno_runs_started", "Runs that were started", figures.started),
                counter("segno_runs_ended", "Runs that ended or stand, by what became of them", figures.ended),
                histogram("segno_run_duration_seconds", "Time from the start of a run to its end", figures.lasted),
                counter("segno_step_attempts", "Tries of steps", figures.attempts),
                histogram("segno_step_duration_seconds", "Time that a try of a step took", figures.tries),
                counter("segno_service_calls", "Requests to services, by the class of the answer", figures.calls),
                histogram("segno_service_call_seconds", "Time to a service's whole answer", figures.callTimes),
                histogram("segno_store_commit_seconds", "Time of a commit, its sync included", figures.commits),
                histogram("segno_store_commit_writes", "Writes that one commit took", figures.commitSizes));
    }

    private static CounterSnapshot counter(String name, String help, Series<LongAdder> series) {
        CounterSnapshot.Builder counter = CounterSnapshot.builder().name(name).help(help);
        series.all()
                .forEach((values, count) -> counter.dataPoint(CounterDataPointSnapshot.builder()
                        .value((double) count.sum())
                        .labels(Labels.of(series.names(), values))
                        .build()));
        return counter.build();
    }

    private static HistogramSnapshot histogram(String name, String help, Series<Distribution> series) {
        HistogramSnapshot.Builder histogram =
                HistogramSnapshot.builder().name(name).help(help);
        series.all()
                .forEach((values, found) -> histogram.dataPoint(HistogramDataPointSnapshot.builder()
                        .classicHistogramBuckets(ClassicHistogramBuckets.of(found.bounds(), found.counts()))
                        .sum(found.sum())
                        .labels(Labels.of(series.names(), values))
                        .build()));
        return histogram.build();
    }
}
