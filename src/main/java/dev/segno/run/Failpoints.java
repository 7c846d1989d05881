package dev.segno.run;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Named points at which a test ends the process as {@code kill -9} would, to prove what survives. All are off unless
 * {@value #SETTING} is set, as a system property or in the environment, to {@code name:n,name:n}: the n-th time that
 * the point is passed, counted from 1, it strikes. Safe for use by many threads.
 */
public final class Failpoints {

    /** Name of the setting. */
    public static final String SETTING = "SEGNO_FAILPOINTS";

    /** No point ever strikes. */
    public static final Failpoints NONE = new Failpoints(Map.of());

    /** What a process ended by signal 9 reports. */
    private static final int KILLED = 137;

    private final Map<String, AtomicInteger> remaining;

    private Failpoints(Map<String, AtomicInteger> remaining) {
        this.remaining = remaining;
    }

    /** The points that the system property or the environment asks for. */
    public static Failpoints fromEnvironment() {
        String text = System.getProperty(SETTING, System.getenv(SETTING));
        return text == null || text.isBlank() ? NONE : parse(text);
    }

    /**
     * Reads {@code name:n,name:n}.
     *
     * @throws IllegalArgumentException when the text has another form or a count below 1
     */
    public static Failpoints parse(String text) {
        Map<String, AtomicInteger> points = new ConcurrentHashMap<>();
        for (String entry : text.split(",")) {
            int colon = entry.lastIndexOf(':');
            int count = colon < 1 ? 0 : countIn(entry.substring(colon + 1).strip());
            if (count < 1) {
                throw new IllegalArgumentException(
                        SETTING + " must be name:n,name:n with n from 1, not '" + text + "'");
            }
            points.put(entry.substring(0, colon).strip(), new AtomicInteger(count));
        }
        return new Failpoints(points);
    }

    private static int countIn(String digits) {
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** Passes a point; ends the process at once, without any shutdown hook, when it strikes. */
    public void pass(String name) {
        if (strikes(name)) {
            Runtime.getRuntime().halt(KILLED);
        }
    }

    /** Passes a point whose fault the caller brings about itself; whether it strikes. */
    public boolean strikes(String name) {
        if (remaining.isEmpty()) {
            return false;
        }
        @Nullable AtomicInteger count = remaining.get(name);
        return count != null && count.decrementAndGet() == 0;
    }
}
