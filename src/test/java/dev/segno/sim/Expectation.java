package dev.segno.sim;

import dev.segno.run.RunState;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What has to come of a run.
 *
 * @param state      in which it ends
 * @param output     when it completes
 * @param effects    calls of the service by the path of their step, and no others
 * @param attributes by their names; a run may also have those of steps that need not have been reached
 * @param signals    awaits that get a signal
 * @param children   runs that it starts, by the path of their step
 */
record Expectation(
        RunState state,
        OptionalLong output,
        Map<String, Effect> effects,
        Map<String, Attribute> attributes,
        Set<String> signals,
        Map<String, Part.Child> children) {

    /**
     * A step that calls the service.
     *
     * @param request body that the service is asked with, each time
     * @param certain whether the step must have been reached
     * @param done    whether the service must have done it in the end
     * @param after   steps whose last call comes before the first of this one
     */
    record Effect(long request, boolean certain, boolean done, Set<String> after) {

        /** This step, reached again when it was repaired, or with less certainty. */
        Effect or(Effect other) {
            Set<String> both = new LinkedHashSet<>(after);
            both.addAll(other.after);
            return new Effect(request, certain || other.certain, done || other.done, both);
        }
    }

    /** Value of an attribute, and whether it must be there. */
    record Attribute(long value, boolean certain) {
        Attribute or(Attribute other) {
            return new Attribute(value, certain || other.certain);
        }
    }

    /** The same run in the state and with the output that it came to. */
    Expectation endsAs(RunState end, OptionalLong body) {
        return new Expectation(end, body, effects, attributes, signals, children);
    }

    static Expectation empty() {
        return new Expectation(
                RunState.RUNNING,
                OptionalLong.empty(),
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                new LinkedHashSet<>(),
                new LinkedHashMap<>());
    }
}
