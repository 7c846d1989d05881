package dev.segno.sandbox;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.ListIterator;
import org.jspecify.annotations.Nullable;

/** The faults of one stand-in that are still to happen, in the order in which they were asked for. */
final class Faults {

    private final List<Fault> waiting = new ArrayList<>();

    /**
     * What goes wrong with one call: delays and lost records add up, the answer is decided by the first fault that
     * decides one.
     *
     * @param delay how much longer the call takes
     * @param recordErrors how many of its records are lost
     * @param decided the fault that decides the answer, if there is one
     */
    record Injected(
            Duration delay, int recordErrors, @Nullable Fault decided) {

        /** How long an answer is kept back that is made already. */
        Duration hold() {
            return decided == null ? Duration.ZERO : Duration.ofMillis(decided.value());
        }

        boolean decidedBy(Fault.Kind kind) {
            return decided != null && decided.kind() == kind;
        }
    }

    void add(Fault fault) {
        waiting.add(fault);
    }

    /** Takes what is meant for this call; each fault that takes part is used up by one time. */
    Injected take(Request request) {
        Duration delay = Duration.ZERO;
        int recordErrors = 0;
        Fault decided = null;
        ListIterator<Fault> each = waiting.listIterator();
        while (each.hasNext()) {
            Fault fault = each.next();
            if (!fault.meets(request) || (fault.kind().decidesAnswer() && decided != null)) {
                continue;
            }
            switch (fault.kind()) {
                case DELAY -> delay = delay.plusMillis(fault.value());
                case RECORD_ERRORS -> recordErrors += fault.value();
                default -> decided = fault;
            }
            useUp(each, fault);
        }
        return new Injected(delay, recordErrors, decided);
    }

    void clear() {
        waiting.clear();
    }

    ArrayNode json() {
        ArrayNode json = Json.object().arrayNode();
        waiting.forEach(fault -> json.add(fault.json()));
        return json;
    }

    private static void useUp(ListIterator<Fault> each, Fault fault) {
        if (fault.times() == Integer.MAX_VALUE) {
            return;
        }
        if (fault.times() == 1) {
            each.remove();
        } else {
            each.set(fault.withTimes(fault.times() - 1));
        }
    }
}
