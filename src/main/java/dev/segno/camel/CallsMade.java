package dev.segno.camel;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * The calls of services that an attempt of a step has made and that were answered well, for the step's record: traces are
 * made of it. A call that fails ends the attempt, whose error tells of it. Branches of a step share one. Thread-safe.
 */
public final class CallsMade {

    /** Calls of one step that are kept; a step with more is a loop, whose traces nobody reads to the end. */
    private static final int MOST = 20;

    private static final String PROPERTY = "SegnoCallsMade";

    private final int attempt;
    private final List<Map<String, Object>> calls = new ArrayList<>();

    private CallsMade(int attempt) {
        this.attempt = attempt;
    }

    /** Begins to collect, for an attempt from 1. Returns what was collected into before, to be given to {@link #end}. */
    static @Nullable Object begin(Exchange exchange, int attempt) {
        Object outer = exchange.getProperty(PROPERTY);
        exchange.setProperty(PROPERTY, new CallsMade(attempt));
        return outer;
    }

    /** Ends collecting; what was collected, empty when there was no call. */
    static List<Map<String, Object>> end(Exchange exchange, @Nullable Object outer) {
        CallsMade made = exchange.getProperty(PROPERTY, CallsMade.class);
        exchange.setProperty(PROPERTY, outer);
        return made == null ? List.of() : made.all();
    }

    /** The attempt of the step that an exchange is in, from 1; 1 outside of steps. */
    public static int attemptOf(Exchange exchange) {
        CallsMade made = exchange.getProperty(PROPERTY, CallsMade.class);
        return made == null ? 1 : made.attempt;
    }

    private synchronized List<Map<String, Object>> all() {
        return List.copyOf(calls);
    }

    /**
     * Notes a call, if it is made in a step.
     *
     * @param url      without query
     * @param startMs  when it was sent, in ms since 1970
     * @param duration in ms
     */
    public static void note(
            Exchange exchange, String service, String method, String url, int status, long startMs, long duration) {
        CallsMade made = exchange.getProperty(PROPERTY, CallsMade.class);
        if (made == null) {
            return;
        }
        synchronized (made) {
            if (made.calls.size() < MOST) {
                Map<String, Object> call = new LinkedHashMap<>();
                call.put("service", service);
                call.put("method", method);
                call.put("url", url);
                call.put("status", status);
                call.put("at", startMs);
                call.put("ms", duration);
                made.calls.add(call);
            }
        }
    }
}
