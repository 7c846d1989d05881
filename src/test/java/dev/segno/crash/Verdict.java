package dev.segno.crash;

import dev.segno.spec.JsonClient;
import java.util.List;

/**
 * What was lost or done twice, by comparing three witnesses: what clients were told, what the effect server received,
 * and what the runs show in the end.
 *
 * @param runs how many runs were acknowledged
 * @param effects how many calls the effect server received
 * @param repeated how many of them repeated one whose answer was given but never recorded
 * @param undone how many runs have undone what they had done
 * @param lost acknowledged runs or steps that are missing or hold another answer than the one that was given
 * @param doubles records of a key beyond the first, and effects repeated after their record was acknowledged
 */
record Verdict(int runs, int effects, int repeated, int undone, List<String> lost, List<String> doubles) {

    /** Compares the witnesses; all runs must have ended. */
    static Verdict of(JsonClient server, Workload workload, List<Effect> effects) throws Exception {
        Comparison comparison = new Comparison(server, workload, effects);
        comparison.compare();
        return new Verdict(
                workload.started().size(),
                effects.size(),
                comparison.repeated(),
                comparison.undone(),
                comparison.lost(),
                comparison.doubles());
    }

    @Override
    public String toString() {
        return "runs=%d effects=%d repeated=%d undone=%d lost=%d double=%d"
                .formatted(runs, effects, repeated, undone, lost.size(), doubles.size());
    }
}
