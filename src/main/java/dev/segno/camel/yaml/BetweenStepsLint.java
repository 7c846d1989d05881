package dev.segno.camel.yaml;

import java.util.List;

/** Checks what stops a run where it is, which it can do between two steps only: {@code await:} and {@code runs:continue}. */
final class BetweenStepsLint {

    private final String path;
    private final List<Problem> problems;

    BetweenStepsLint(String path, List<Problem> problems) {
        this.path = path;
        this.problems = problems;
    }

    /** Whether an endpoint is one of those. */
    static boolean isFor(EndpointUse use) {
        return isAwait(use) || isContinue(use);
    }

    private static boolean isAwait(EndpointUse use) {
        return use.uri().scheme().equals("await");
    }

    private static boolean isContinue(EndpointUse use) {
        return use.uri().scheme().equals("runs") && use.uri().name().equals("continue");
    }

    void check(EipNode eip, EndpointUse use, Situation situation) {
        if (isAwait(use)) {
            await(eip, use, situation);
        } else {
            goOnAfresh(eip, use, situation);
        }
    }

    /** One that stands in a route that no run passes through. */
    void checkOutsideRuns(EndpointUse use) {
        if (isAwait(use)) {
            error(
                    use,
                    "'await' outside a run: only a run can wait and go on after a restart",
                    "Wait in a route 'from: orchestration:NAME', which this one starts");
        } else if (isContinue(use)) {
            error(
                    use,
                    "'runs:continue' outside a run: there is none that could go on",
                    "Start one with 'to: orchestration:NAME'");
        }
    }

    private void await(EipNode eip, EndpointUse use, Situation situation) {
        if (situation.insideStep()) {
            error(
                    use,
                    "'await' inside a step: while it waits, the step could not be recorded",
                    "Move it between two steps");
        } else if (situation.parallel()) {
            error(
                    use,
                    "'await' in a parallel branch: a run waits as a whole",
                    "Remove parallelProcessing, or start a child run per branch");
        } else if (!eip.name().equals("to")) {
            error(use, "'await' in '%s'".formatted(eip.name()), "Wait with 'to: await:NAME'");
        } else if (eip.node("id") == null) {
            error(
                    use,
                    "an await without an id",
                    "Write 'to: { id: …, uri: %s }'".formatted(use.uri().text()));
        }
    }

    private void goOnAfresh(EipNode eip, EndpointUse use, Situation situation) {
        if (situation.insideStep()) {
            error(
                    use,
                    "'runs:continue' inside a step: the run would end before the step is recorded",
                    "Move it behind the step");
        } else if (situation.parallel()) {
            error(use, "'runs:continue' in a parallel branch: a run ends as a whole", "Move it behind the branches");
        } else if (situation.insideSaga()) {
            error(
                    use,
                    "'runs:continue' inside a saga: the fresh run could not undo what this one did",
                    "Move it behind the saga");
        } else if (!eip.name().equals("to")) {
            error(use, "'runs:continue' in '%s'".formatted(eip.name()), "Write 'to: runs:continue'");
        }
    }

    private void error(EndpointUse use, String what, String advice) {
        problems.add(Problem.error(path, use.at(), what, advice));
    }
}
