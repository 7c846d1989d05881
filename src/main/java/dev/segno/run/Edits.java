package dev.segno.run;

import java.util.Comparator;
import java.util.List;

/** The edits of one run, in the order of their retries. Immutable. */
final class Edits {

    static final Edits NONE = new Edits(List.of());

    private final List<Edit> all;

    Edits(List<Edit> all) {
        this.all = all.stream().sorted(Comparator.comparingInt(Edit::retry)).toList();
    }

    /** Those of one step. */
    List<Edit> of(StepKey key) {
        return all.isEmpty()
                ? all
                : all.stream().filter(edit -> edit.key().equals(key)).toList();
    }

    /** Number of the latest retry that edited this step or one around it; 0 when none did. */
    int latestAround(StepKey key) {
        int latest = 0;
        for (Edit edit : all) {
            if (edit.key().equals(key) || key.isWithin(edit.key().path())) {
                latest = edit.retry();
            }
        }
        return latest;
    }

    /**
     * Those that still hold when a run is done again from a step on: of the steps whose records it keeps, of that step,
     * and of those around it.
     */
    List<Edit> before(StepKey from, List<StepRecord> kept) {
        return all.stream()
                .filter(edit -> edit.key().equals(from)
                        || from.isWithin(edit.key().path())
                        || kept.stream().anyMatch(record -> record.key().equals(edit.key())))
                .toList();
    }
}
