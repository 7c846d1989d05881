package dev.segno.bench;

import java.util.List;
import java.util.Locale;

/** What several rounds came to: the median, and the range that says how far it can be trusted. */
record Spread(double median, double least, double most) {

    /** @param values at least one */
    static Spread of(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return new Spread(sorted.get(sorted.size() / 2), sorted.get(0), sorted.get(sorted.size() - 1));
    }

    /** As {@code 0.74 (0.70-0.78)}, each number by this format. */
    String in(String format) {
        return String.format(
                Locale.ROOT,
                format + " (" + format.replace("%,", "%") + "-" + format.replace("%,", "%") + ")",
                median,
                least,
                most);
    }
}
