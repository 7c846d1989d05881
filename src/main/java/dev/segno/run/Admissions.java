package dev.segno.run;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets queued runs begin as soon as their limits allow it. Thread-safe. */
final class Admissions {
    private static final Logger LOG = LoggerFactory.getLogger(Admissions.class);
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration AFTER_A_FAULT = Duration.ofSeconds(30);

    private final Engine engine;

    /** Keys of the runs under way on this node that are counted. */
    private final Map<String, String> keys = new ConcurrentHashMap<>();

    /** When a key is looked at again. */
    private final Map<String, Instant> alarms = new ConcurrentHashMap<>();

    Admissions(Engine engine) {
        this.engine = engine;
    }

    /** A run is under way. */
    void began(String runId, String key) {
        keys.put(runId, key);
    }

    /** A run is no longer under way, and that is on disk. */
    void left(String runId) {
        if (!keys.isEmpty()) {
            String key = keys.remove(runId);
            if (key != null) {
                admit(key);
            }
        }
    }

    /** A run was queued. */
    void queued(String runId, String key, @Nullable Instant deadline) {
        if (deadline != null) {
            expireAt(runId, deadline);
        }
        admit(key);
    }

    /** Looks at all that is queued, at the start. */
    void recover() {
        Set<String> queuedKeys = new HashSet<>();
        for (LimitStore.QueuedRun queued : engine.store().limits().queued()) {
            queuedKeys.add(queued.key());
            Instant deadline = deadlineOf(queued.runId());
            if (deadline != null) {
                expireAt(queued.runId(), deadline);
            }
        }
        queuedKeys.forEach(this::admit);
    }

    /** Lets queued runs of a key begin, as many as may. */
    void admit(String key) {
        Instant now = engine.now();
        engine.store().limits().admit(key, now).whenComplete((admitted, error) -> {
            if (error != null) {
                LOG.error("Queued runs of '{}' could not begin; that is tried again", key, error);
                lookAgain(key, now, now.plus(AFTER_A_FAULT));
                return;
            }
            admitted.runIds().forEach(engine::goOn);
            if (admitted.next() != null) {
                lookAgain(key, now, admitted.next());
            }
        });
    }

    private void lookAgain(String key, Instant now, Instant at) {
        Instant set = alarms.merge(key, at, (before, next) -> next.isBefore(before) ? next : before);
        if (set.equals(at)) {
            Duration delay = Duration.between(now, at);
            engine.after(delay.compareTo(SHORTEST) < 0 ? SHORTEST : delay, () -> {
                if (alarms.remove(key, at)) {
                    admit(key);
                }
            });
        }
    }

    private @Nullable Instant deadlineOf(String runId) {
        Run run = engine.store().find(runId).orElse(null);
        if (run == null) {
            return null;
        }
        try {
            Orchestration orchestration = engine.orchestrations().version(run.orchestration(), run.version());
            return orchestration.options().limits().deadlineOf(run);
        } catch (Orchestrations.UnknownVersion e) {
            return null; // it will be blocked when its turn comes
        }
    }

    /** Ends a run whose time is up before it has begun. One that has begun ends at its next step, when its turn comes. */
    private void expire(String runId, Instant deadline) {
        Run run = engine.store().find(runId).orElse(null);
        if (run == null
                || run.state() != RunState.QUEUED
                || !engine.store().journal(runId).isEmpty()) {
            return;
        }
        StepError error = StepError.of(new DeadlineExceeded(deadline), null);
        engine.move(run, RunState.FAILED, error, false).whenComplete((moved, failure) -> {
            if (failure == null) {
                LOG.info("Run {} of {} is FAILED: {}", runId, run.orchestration(), error.message());
                engine.tell(
                        new RunResult(runId, RunState.FAILED, null, error),
                        engine.store().parentOf(runId));
            } else {
                LOG.debug("Run {} has begun meanwhile", runId, failure);
            }
        });
    }

    private void expireAt(String runId, Instant deadline) {
        Duration left = Duration.between(engine.now(), deadline);
        engine.after(left.compareTo(SHORTEST) < 0 ? SHORTEST : left, () -> {
            if (engine.now().isBefore(deadline)) {
                expireAt(runId, deadline);
            } else {
                expire(runId, deadline);
            }
        });
    }
}
