package dev.segno.camel;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * {@code #runFigures}: makes figures of what {@code runs:ended} tells: for each orchestration how many runs ended in
 * which state, how long they took, and the first failures. They take the same room however many runs there are. What is
 * told again is not counted again. With the end of the day they are {@code closed}. Immutable.
 */
final class RunFigures implements AggregationStrategy {

    static final String NAME = "runFigures";

    /** Failures that are told with their ids and messages. */
    private static final int SHOWN_FAILURES = 20;

    /** Durations are counted in classes, each so much longer than the one before; the median is right within half of it. */
    private static final double CLASS_RATIO = 1.02;

    private static final String TIMES = "times";

    @Override
    public Exchange aggregate(@Nullable Exchange oldExchange, Exchange newExchange) {
        Map<String, @Nullable Object> event = map(newExchange.getMessage().getBody());
        Exchange result = oldExchange == null ? newExchange : oldExchange;
        Map<String, @Nullable Object> figures = oldExchange == null
                ? begin(event)
                : map(oldExchange.getMessage().getBody());
        if ("day".equals(event.get("event"))) {
            close(figures);
        } else if (number(event.get("position")) > number(figures.get("position"))) {
            count(figures, map(event.get("run")));
            figures.put("position", event.get("position"));
        }
        result.getMessage().setBody(figures);
        return result;
    }

    private static Map<String, @Nullable Object> begin(Map<String, @Nullable Object> event) {
        Map<String, @Nullable Object> figures = new LinkedHashMap<>();
        figures.put("day", event.get("day"));
        figures.put("zone", event.get("zone"));
        figures.put("position", 0);
        figures.put("closed", false);
        figures.put("runs", 0);
        figures.put("orchestrations", new LinkedHashMap<String, @Nullable Object>());
        return figures;
    }

    private static void count(Map<String, @Nullable Object> figures, Map<String, @Nullable Object> run) {
        add(figures, "runs");
        Map<String, @Nullable Object> one = map(map(figures.get("orchestrations"))
                .computeIfAbsent(String.valueOf(run.get("orchestration")), name -> none()));
        String state = String.valueOf(run.get("state"));
        add(one, "runs");
        add(map(one.get("states")), state);
        long took = number(run.get("durationMs"));
        one.put("maxMs", Math.max(number(one.get("maxMs")), took));
        add(map(one.get(TIMES)), Long.toString(classOf(took)));
        if (run.get("error") != null && !state.equals("COMPLETED")) {
            List<@Nullable Object> failures = new ArrayList<>(list(one.get("failures")));
            if (failures.size() < SHOWN_FAILURES) {
                Map<String, @Nullable Object> failure = new LinkedHashMap<>();
                failure.put("id", run.get("id"));
                failure.put("state", state);
                failure.put("error", run.get("error"));
                failures.add(failure);
                one.put("failures", failures);
            }
        }
    }

    private static Map<String, @Nullable Object> none() {
        Map<String, @Nullable Object> one = new LinkedHashMap<>();
        one.put("runs", 0);
        one.put("states", new LinkedHashMap<String, @Nullable Object>());
        one.put("maxMs", 0);
        one.put(TIMES, new LinkedHashMap<String, @Nullable Object>());
        one.put("failures", List.of());
        return one;
    }

    private static void close(Map<String, @Nullable Object> figures) {
        figures.put("closed", true);
        for (Object value : map(figures.get("orchestrations")).values()) {
            Map<String, @Nullable Object> one = map(value);
            one.put(
                    "p50Ms",
                    Math.min(median(map(one.remove(TIMES)), number(one.get("runs"))), number(one.get("maxMs"))));
        }
    }

    private static long classOf(long ms) {
        return ms < 1 ? 0 : 1 + (long) (Math.log((double) ms) / Math.log(CLASS_RATIO));
    }

    private static long median(Map<String, @Nullable Object> times, long runs) {
        TreeMap<Long, Long> sorted = new TreeMap<>();
        times.forEach((name, count) -> sorted.put(Long.valueOf(name), number(count)));
        long before = 0;
        for (Map.Entry<Long, Long> one : sorted.entrySet()) {
            before += one.getValue();
            if (2 * before >= runs) {
                return one.getKey() == 0 ? 0 : Math.round(Math.pow(CLASS_RATIO, (double) one.getKey() - 0.5));
            }
        }
        return 0;
    }

    private static void add(Map<String, @Nullable Object> counts, String name) {
        counts.put(name, number(counts.get(name)) + 1);
    }

    private static long number(@Nullable Object value) {
        return value instanceof Number number ? number.longValue() : 0;
    }

    private static List<?> list(@Nullable Object value) {
        return value instanceof List<?> list ? list : List.of();
    }

    @SuppressWarnings("unchecked") // JSON objects have strings as keys
    private static Map<String, @Nullable Object> map(@Nullable Object value) {
        if (!(value instanceof Map)) {
            throw new IllegalArgumentException(
                    "#" + NAME + " makes figures of what 'from: runs:ended' tells; this is another body");
        }
        return (Map<String, @Nullable Object>) value;
    }
}
