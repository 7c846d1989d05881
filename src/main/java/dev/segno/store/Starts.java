package dev.segno.store;

import dev.segno.run.NewRun;
import dev.segno.run.RunState;
import dev.segno.run.Slot;
import dev.segno.run.StartOutcome;
import java.sql.SQLException;

/** Starts runs as far as their limits allow it. Used by the writer's thread alone. */
final class Starts {

    private final RunTable runs;
    private final SlotTable slots;
    private final WaitTable waits;

    Starts(RunTable runs, SlotTable slots, WaitTable waits) {
        this.runs = runs;
        this.slots = slots;
        this.waits = waits;
    }

    StartOutcome start(NewRun run) throws SQLException, Write.Undo {
        Slot slot = run.slot();
        RunState state = run.state();
        if (slot != null) {
            // A repeated start finds its run, whatever the limits say now.
            StartOutcome known = runs.known(run);
            StartOutcome decided = known == null ? slots.decide(run.id(), slot, run.createdAt()) : known;
            if (!decided.runId().equals(run.id())) {
                return decided;
            }
            state = decided instanceof StartOutcome.Queued ? RunState.QUEUED : RunState.RUNNING;
        }
        StartOutcome outcome = runs.start(run, state);
        if (outcome.runId().equals(run.id())) {
            if (slot != null) {
                slots.insert(run.id(), slot, state, run.createdAt());
            }
            waits.insertParent(run);
        }
        return outcome;
    }
}
