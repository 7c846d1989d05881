package dev.segno.sim;

import dev.segno.run.Orchestration;
import java.util.ArrayList;
import java.util.List;

/**
 * An orchestration that a seed has written.
 *
 * @param name      of the orchestration
 * @param options   when records are on disk, and what becomes of a run that fails
 * @param isGivenUp whether people give its parked runs up, instead of repairing the service and retrying
 * @param route     what it does
 */
record Program(String name, Orchestration.Options options, boolean isGivenUp, Part route) {

    /** This program and all that are started from it, itself first. */
    List<Program> all() {
        List<Program> found = new ArrayList<>(List.of(this));
        collect(route, found);
        return found;
    }

    private static void collect(Part part, List<Program> found) {
        if (part instanceof Part.Child child) {
            found.addAll(child.program().all());
        } else {
            inside(part).forEach(inner -> collect(inner, found));
        }
    }

    private static List<Part> inside(Part part) {
        if (part instanceof Part.Sequence sequence) {
            return sequence.parts();
        } else if (part instanceof Part.Outer outer) {
            return List.of(outer.body());
        } else if (part instanceof Part.Loop loop) {
            return List.of(loop.body());
        } else if (part instanceof Part.Split split) {
            return List.of(split.body());
        } else if (part instanceof Part.Choice choice) {
            return List.of(choice.yes(), choice.no());
        } else if (part instanceof Part.Try attempt) {
            return List.of(attempt.body(), attempt.handler());
        } else if (part instanceof Part.Call call) {
            return List.of(call.body());
        } else if (part instanceof Part.Saga saga) {
            return List.of(saga.body());
        }
        return List.of();
    }
}
