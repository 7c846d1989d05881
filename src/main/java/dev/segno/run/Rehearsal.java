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

    /**
     * What a replay came to.
     *
     * @param stop     why it went no further
     * @param error    with what the route failed
     * @param leftOver what is wrong with its end, if it came there
     */
    static Rehearsal of(String version, @Nullable Stop stop, @Nullable StepError error, @Nullable String leftOver) {
        if (stop instanceof Stop.Rehearsed came) {
            return new Rehearsal(version, came.at(), List.of(), came.unknown());
        }
        if (stop instanceof Stop.Blocked blocked) {
            return differs(version, blocked.difference());
        }
        if (error != null) {
            return differs(
                    version,
                    "The route fails " + (error.step() == null ? "outside of any step" : "at '" + error.step() + "'")
                            + " without executing anything: " + error.message());
        }
        return leftOver == null ? new Rehearsal(version, null, List.of(), null) : differs(version, leftOver);
    }

    private static Rehearsal differs(String version, String difference) {
        return new Rehearsal(version, null, List.of(difference), null);
    }

    /** Whether nothing was found that speaks against going on. */
    public boolean fits() {
        return difference.isEmpty();
    }
}
