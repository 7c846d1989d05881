package dev.segno.run;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
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

    private final Map<Failpoint, AtomicInteger> remaining;

    private Failpoints(Map<Failpoint, AtomicInteger> remaining) {
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
     * @throws IllegalArgumentException when the text has another form, an unknown name or a count below 1
     */
    public static Failpoints parse(String text) {
        Map<Failpoint, AtomicInteger> points = new EnumMap<>(Failpoint.class);
        for (String entry : text.split(",")) {
            int colon = entry.lastIndexOf(':');
            int count = colon < 1 ? 0 : countIn(entry.substring(colon + 1).strip());
            if (count < 1) {
                throw new IllegalArgumentException(
                        SETTING + " must be name:n,name:n with n from 1, not '" + text + "'");
            }
            points.put(named(entry.substring(0, colon).strip()), new AtomicInteger(count));
        }
        return new Failpoints(Collections.unmodifiableMap(points));
    }

    private static Failpoint named(String name) {
        return Arrays.stream(Failpoint.values())
                .filter(point -> point.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        SETTING + " names '" + name + "'; there are " + Arrays.toString(Failpoint.values())));
    }

    private static int countIn(String digits) {
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** Passes a point; ends the process at once, without any shutdown hook, when it strikes. */
    public void pass(Failpoint point) {
        if (strikes(point)) {
            Runtime.getRuntime().halt(KILLED);
        }
    }

    /** Passes a point whose fault the caller brings about itself; whether it strikes. */
    public boolean strikes(Failpoint point) {
        if (remaining.isEmpty()) {
            return false;
        }
        @Nullable AtomicInteger count = remaining.get(point);
        return count != null && count.decrementAndGet() == 0;
    }
}
