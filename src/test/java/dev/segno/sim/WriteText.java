package dev.segno.sim;

import dev.segno.run.Attempt;
import dev.segno.run.ManualRetry;
import dev.segno.run.NewRun;
import dev.segno.run.Signal;
import dev.segno.run.StateChange;
import dev.segno.run.StepRecord;
import dev.segno.run.Wait;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes in a line of a trace. */
final class WriteText {

    private WriteText() {}

    static String of(Object[] arguments) {
        return Arrays.stream(arguments).map(WriteText::of).collect(Collectors.joining(" "));
    }

    private static String of(@Nullable Object argument) {
        if (argument instanceof NewRun run) {
            return run.id() + " of " + run.orchestration() + " key " + run.startKey();
        } else if (argument instanceof StepRecord step) {
            return step.key() + " " + step.outcome().getClass().getSimpleName();
        } else if (argument instanceof Attempt attempt) {
            return attempt.key() + "#" + attempt.number();
        } else if (argument instanceof StateChange change) {
            return change.runId() + " rev " + change.expectedRevision() + " -> " + change.next() + " with "
                    + change.records().stream().map(WriteText::of).toList() + " " + change.error();
        } else if (argument instanceof Signal signal) {
            return signal.runId() + " " + signal.name() + " id " + signal.id();
        } else if (argument instanceof Wait wait) {
            return wait.key() + " signal " + wait.signal() + " child " + wait.child() + " until " + wait.until();
        } else if (argument instanceof ManualRetry retry) {
            return retry.runId() + " rev " + retry.expectedRevision();
        }
        return String.valueOf(argument);
    }
}
