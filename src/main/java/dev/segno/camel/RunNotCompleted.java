package dev.segno.camel;

import dev.segno.run.RunResult;
import dev.segno.run.StepError;
import dev.segno.run.Verdict;

/** A run that a route waited for did not complete. */
public final class RunNotCompleted extends RuntimeException implements HasVerdict {
    private static final long serialVersionUID = 1L;

    private final transient RunResult result;

    RunNotCompleted(RunResult result) {
        super(describe(result));
        this.result = result;
    }

    public RunResult result() {
        return result;
    }

    /** Another try would find the same run. */
    @Override
    public Verdict verdict() {
        return Verdict.NEVER;
    }

    private static String describe(RunResult result) {
        StepError error = result.error();
        String text = "Run " + result.runId() + " is " + result.state();
        if (error == null) {
            return text;
        }
        return text + (error.step() == null ? "" : " at step " + error.step()) + ": " + error.message();
    }
}
