package dev.segno.camel;

import dev.segno.run.RunResult;
import dev.segno.run.StepError;

/** A run that a route waited for did not complete. */
public final class RunNotCompleted extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient RunResult result;

    RunNotCompleted(RunResult result) {
        super(describe(result));
        this.result = result;
    }

    public RunResult result() {
        return result;
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
