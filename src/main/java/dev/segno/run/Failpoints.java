package dev.segno.run;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Named points at which a test lets the process die, as {@code kill -9} would. Off unless the environment variable
 * {@value #VARIABLE} names them: {@code SEGNO_FAILPOINTS=step.after-effect:3,store.before-commit:10} ends the process at
 * the third and the tenth time.
 */
public final class Failpoints {

    public static final String VARIABLE = "SEGNO_FAILPOINTS";

    /** The exit status of a process that was killed by signal 9. */
    private static final int KILLED = 137;

    private static final Map<String, AtomicInteger> HITS_LEFT =
            parse(System.getenv().getOrDefault(VARIABLE, ""));

    private Failpoints() {}

    /** Ends the process when this is the hit that was asked for. */
    public static void hit(String name) {
        if (reached(name)) {
            Runtime.getRuntime().halt(KILLED);
        }
    }

    /** Whether this is the hit that was asked for; for points that do something else than to end the process. */
    public static boolean reached(String name) {
        if (HITS_LEFT.isEmpty()) {
            return false;
        }
        AtomicInteger left = HITS_LEFT.get(name);
        return left != null && left.decrementAndGet() == 0;
    }

    private static Map<String, AtomicInteger> parse(String text) {
        Map<String, AtomicInteger> points = new ConcurrentHashMap<>();
        for (String point : text.split(",")) {
            int colon = point.indexOf(':');
            if (colon > 0) {
                points.put(
                        point.substring(0, colon).trim(),
                        new AtomicInteger(
                                Integer.parseInt(point.substring(colon + 1).trim())));
            }
        }
        return points;
    }
}
