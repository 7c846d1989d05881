package dev.segno.trace;

import dev.segno.run.Run;
import dev.segno.run.RunState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds what traces are made of. Reads block, as those of the store that runs are in. */
public interface TraceStore {

    /** Ids of the runs that were started with this correlation id or in this trace, oldest first. */
    List<String> runsOf(String correlationOrTraceId, int limit);

    /** Runs without their input and output that began after a time, newest first. */
    List<Run> since(Instant time, int limit);

    /** How many runs are in each state in which there is one. */
    Map<RunState, Long> states();

    /**
     * How many runs there are.
     *
     * @param orchestration whose; empty for all
     * @param states        that they are in; empty for all
     */
    long count(Optional<String> orchestration, List<RunState> states);

    /** The steps of a run that have a record, without their bodies, in the order of their records. */
    List<RecordedStep> steps(String runId);

    /**
     * A recorded step.
     *
     * @param changes what it changed, as its record has it
     * @param error   message of the failure that its route handled; null for none
     */
    record RecordedStep(
            String key,
            String kind,
            int attempt,
            Instant startedAt,
            Instant endedAt,
            @Nullable String changes,
            @Nullable String error) {}
}
