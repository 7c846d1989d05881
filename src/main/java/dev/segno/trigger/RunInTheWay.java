package dev.segno.trigger;

import dev.segno.run.Engine;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the run that a fire must not overlap, and tells when it is out of the way. Used under the lock of its schedule. */
final class RunInTheWay {

    private final Engine engine;
    private final Runnable onEnd;
    private @Nullable String busyRun;
    private @Nullable String watchedRun;

    /** @param onEnd called when a watched run has ended or stands; must return at once and may come too often */
    RunInTheWay(Engine engine, Runnable onEnd) {
        this.engine = engine;
        this.onEnd = onEnd;
    }

    /** Somebody else's run of the same orchestration was met. */
    void met(String runId) {
        busyRun = runId;
    }

    /** The run that is under way, if there is one: the one that was met, or else the schedule's own last one. */
    Optional<String> find(@Nullable String lastRun) {
        if (isUnderWay(busyRun)) {
            return Optional.ofNullable(busyRun);
        }
        busyRun = null;
        return isUnderWay(lastRun) ? Optional.ofNullable(lastRun) : Optional.empty();
    }

    private boolean isUnderWay(@Nullable String runId) {
        return runId != null
                && engine.store()
                        .find(runId)
                        .filter(run -> run.state().holdsSingleton())
                        .isPresent();
    }

    /** Watches a run, once: one that waits for days, or was retried, is looked at with the schedule's next alarm. */
    void watch(String runId) {
        if (!runId.equals(watchedRun)) {
            watchedRun = runId;
            engine.result(runId).whenComplete((result, error) -> onEnd.run());
        }
    }
}
