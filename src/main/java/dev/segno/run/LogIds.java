package dev.segno.run;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * The ids by which a line of the log is found again: of the run, the step, what the caller correlates, and the trace. They
 * stand in the {@link MDC} while a run is worked on, where somebody has asked for that. Immutable, hence safe for
 * concurrent use.
 */
public final class LogIds {

    public static final String RUN = "run";
    public static final String STEP = "step";
    public static final String CORRELATION = "correlation_id";
    public static final String TRACE = "trace_id";

    /** A process has one log. */
    private static volatile boolean wanted;

    private final String run;
    private final String correlation;
    private final String trace;

    private LogIds(String run, String correlation, String trace) {
        this.run = run;
        this.correlation = correlation;
        this.trace = trace;
    }

    /** Whether lines carry ids from now on; at first they do not. */
    public static void want(boolean ids) {
        wanted = ids;
    }

    static LogIds of(Run run) {
        return new LogIds(run.id(), StartHeaders.correlationId(run), StartHeaders.traceId(run));
    }

    /** What ends with a line or with the work that writes lines. */
    @FunctionalInterface
    public interface Scope extends AutoCloseable {
        @Override
        void close();
    }

    /** Puts the ids of an execution on the lines that this thread writes until the scope is closed. */
    public static Scope enter(Execution execution, @Nullable StepKey step) {
        if (!wanted) {
            return () -> {};
        }
        Map<String, String> before = MDC.getCopyOfContextMap();
        LogIds ids = execution.logIds();
        MDC.put(RUN, ids.run);
        MDC.put(CORRELATION, ids.correlation);
        MDC.put(TRACE, ids.trace);
        if (step == null) {
            MDC.remove(STEP);
        } else {
            MDC.put(STEP, step.path());
        }
        return () -> {
            if (before == null) {
                MDC.clear();
            } else {
                MDC.setContextMap(before);
            }
        };
    }
}
