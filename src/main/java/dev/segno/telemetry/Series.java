package dev.segno.telemetry;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Figures of one name, by the values of their labels. There are never more than a bound: what comes later is counted under
 * {@code other}, so that nothing in the data can fill the memory. Thread-safe.
 *
 * @param <T> what is kept for each
 */
final class Series<T> {

    private static final int MOST = 2_000;

    private final List<String> names;
    private final Supplier<T> fresh;
    private final Map<List<String>, T> all = new ConcurrentHashMap<>();

    /** @param names of the labels */
    Series(List<String> names, Supplier<T> fresh) {
        this.names = names;
        this.fresh = fresh;
    }

    /** The figure for values of the labels, in the order of their names. */
    T of(String... values) {
        List<String> key = List.of(values);
        T known = all.get(key);
        if (known != null) {
            return known;
        }
        return all.computeIfAbsent(
                all.size() < MOST ? key : names.stream().map(name -> "other").toList(), missing -> fresh.get());
    }

    List<String> names() {
        return names;
    }

    /** The figures by the values of their labels. */
    Map<List<String>, T> all() {
        return Map.copyOf(all);
    }
}
