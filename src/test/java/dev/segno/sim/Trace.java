package dev.segno.sim;

import java.util.ArrayList;
import java.util.List;

/** What happened, in its order, and what of it must not have. */
final class Trace {

    private final List<String> lines = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();
    private long hash;

    void add(String line) {
        lines.add(line);
        hash = 31 * hash + line.hashCode();
    }

    /** Something happened that is forbidden; told where the world looks next, because the engine would swallow it here. */
    void violated(String what) {
        violations.add(what);
        add("!! " + what);
    }

    List<String> violations() {
        return violations;
    }

    int length() {
        return lines.size();
    }

    /** Two executions of a seed have the same. */
    long hash() {
        return hash;
    }

    @Override
    public String toString() {
        return String.join("\n", lines);
    }
}
