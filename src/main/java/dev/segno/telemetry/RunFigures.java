package dev.segno.telemetry;

import dev.segno.camel.service.CallObserver;
import dev.segno.camel.service.MadeCall;
import dev.segno.run.NewRun;
import dev.segno.run.Run;
import dev.segno.run.RunObserver;
import dev.segno.run.RunState;
import dev.segno.run.StepKey;
import dev.segno.store.CommitObserver;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;

/** Counts what happens to runs, steps, calls and commits since the node started. Takes no lock. Thread-safe. */
final class RunFigures implements RunObserver, CallObserver, CommitObserver {

    private static final Pattern INDEX = Pattern.compile("\\[\\d+]");
    private static final double NANOS = 1e9;

    final Series<LongAdder> started = new Series<>(List.of("orchestration"), LongAdder::new);
    final Series<LongAdder> ended = new Series<>(List.of("orchestration", "outcome"), LongAdder::new);
    final Series<Distribution> lasted = new Series<>(List.of("orchestration"), Distribution::ofSeconds);
    final Series<LongAdder> attempts = new Series<>(List.of("orchestration", "step", "outcome"), LongAdder::new);
    final Series<Distribution> tries = new Series<>(List.of("orchestration", "step"), Distribution::ofSeconds);
    final Series<LongAdder> calls = new Series<>(List.of("service", "outcome"), LongAdder::new);
    final Series<Distribution> callTimes = new Series<>(List.of("service"), Distribution::ofSeconds);
    final Series<Distribution> commits = new Series<>(List.of(), Distribution::ofSeconds);
    final Series<Distribution> commitSizes = new Series<>(List.of(), Distribution::ofCounts);
    private final Distribution commit = commits.of();
    private final Distribution commitSize = commitSizes.of();

    @Override
    public void started(NewRun run) {
        started.of(run.orchestration()).increment();
    }

    @Override
    public void tried(Run run, StepKey step, Instant startedAt, Instant endedAt, boolean failed) {
        String place = placeOf(step);
        attempts.of(run.orchestration(), place, failed ? "failed" : "completed").increment();
        tries.of(run.orchestration(), place).record(seconds(startedAt, endedAt));
    }

    @Override
    public void ended(Run run, RunState state, Instant at) {
        ended.of(run.orchestration(), state.name().toLowerCase(Locale.ROOT)).increment();
        if (state.isFinal()) {
            lasted.of(run.orchestration()).record(seconds(run.createdAt(), at));
        }
    }

    @Override
    public void made(MadeCall call) {
        calls.of(call.service(), call.status() == 0 ? "none" : call.status() / 100 + "xx")
                .increment();
        callTimes.of(call.service()).record(seconds(call.startedAt(), call.endedAt()));
    }

    @Override
    public void committed(int writes, long nanos) {
        commit.record(nanos / NANOS);
        commitSize.record(writes);
    }

    /** All items of a split are one step here. */
    private static String placeOf(StepKey step) {
        String path = step.path();
        return path.indexOf('[') < 0 ? path : INDEX.matcher(path).replaceAll("");
    }

    private static double seconds(Instant from, Instant to) {
        return Math.max(0, Duration.between(from, to).toNanos()) / NANOS;
    }
}
