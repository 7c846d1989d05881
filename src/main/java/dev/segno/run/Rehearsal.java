package dev.segno.run;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a replay of a run's journal comes to when nothing is executed or written. It ends at the first step without a
 * record: branches that would run beside that step are looked at when the run goes on.
 *
 * @param version     version that was replayed
 * @param wouldGoOnAt first step or await without a record; {@code null} when the run would come to its end, or when it is
 *                    not known
 * @param difference  why the run would be blocked or fail; empty when it would not
 * @param unknown     what stands outside of a step and would have to be called to know more; {@code null} for nothing
 */
public record Rehearsal(
        String version,
        @Nullable StepKey wouldGoOnAt,
        List<String> difference,
        @Nullable String unknown) {

    static Rehearsal differs(String version, String difference) {
        return new Rehearsal(version, null, List.of(difference), null);
    }

    /** Whether nothing was found that speaks against going on. */
    public boolean fits() {
        return difference.isEmpty();
    }
}
