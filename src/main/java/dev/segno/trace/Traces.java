package dev.segno.trace;

import dev.segno.run.Attempt;
import dev.segno.run.Run;
import dev.segno.run.RunStore;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks up traces. Covers the last 24 hours and 10,000 spans, but for what is asked for by its id. Thread-safe; blocks. */
public final class Traces {

    private static final Duration COVERED = Duration.ofHours(24);
    private static final int MOST_SPANS = 10_000;
    private static final int MOST_RUNS = 2_000;
    private static final int RUNS_OF_ONE = 100;

    private final TraceStore store;
    private final RunStore runs;
    private final Clock clock;

    public Traces(TraceStore store, RunStore runs, Clock clock) {
        this.store = store;
        this.runs = runs;
        this.clock = clock;
    }

    /** The trace of an id: of a trace, a correlation id, or a run. */
    public Optional<Trace> find(String id) {
        List<String> ids = new ArrayList<>(store.runsOf(id, RUNS_OF_ONE));
        if (ids.isEmpty()) {
            ids.add(id);
        }
        List<Trace> found = ids.stream()
                .map(runs::find)
                .flatMap(Optional::stream)
                .map(this::of)
                .toList();
        if (found.isEmpty()) {
            return Optional.empty();
        }
        List<Span> spans =
                found.stream().flatMap(trace -> trace.spans().stream()).toList();
        return Optional.of(new Trace(found.get(0).id(), spans));
    }

    /** The newest traces, the newest first. Runs of one trace are one. */
    public List<Trace> recent() {
        Map<String, List<Span>> traces = new LinkedHashMap<>();
        int spans = 0;
        for (Run run : store.since(clock.instant().minus(COVERED), MOST_RUNS)) {
            Trace trace = of(run);
            spans += trace.spans().size();
            if (spans > MOST_SPANS) {
                break;
            }
            traces.computeIfAbsent(trace.id(), id -> new ArrayList<>()).addAll(trace.spans());
        }
        List<Trace> recent = new ArrayList<>();
        traces.forEach((id, all) -> recent.add(new Trace(id, all)));
        return recent;
    }

    private Trace of(Run run) {
        List<TraceStore.RecordedStep> steps = store.steps(run.id());
        List<Attempt> attempts = runs.attempts(run.id());
        return new RunSpans(run, steps, attempts).trace();
    }
}
