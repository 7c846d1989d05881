package dev.segno.store;

import dev.segno.run.NewRun;
import dev.segno.run.RunState;
import dev.segno.run.Slot;
import dev.segno.run.StartOutcome;
import dev.segno.run.StateChange;
import java.sql.Connection;
import java.sql.SQLException;

/** Writes runs that go on as fresh ones. Used by the writer's thread alone. */
final class ChainTable {

    /** The first run of the chain of a run, which is the parameter. */
    static final String FIRST = "coalesce((SELECT first_id FROM chain WHERE run_id = ?1), ?1)";

    /** The newest run of the chain of a run; no row where there is but the one. */
    static final String NEWEST = "SELECT run_id FROM chain WHERE first_id = " + FIRST + " ORDER BY number DESC LIMIT 1";

    private final RunTable runs;
    private final StepTable steps;
    private final SlotTable slots;
    private final WaitTable waits;
    private final BoundStatement insert;
    private final BoundStatement untell;

    ChainTable(Connection connection, RunTable runs, StepTable steps, SlotTable slots, WaitTable waits)
            throws SQLException {
        this.runs = runs;
        this.steps = steps;
        this.slots = slots;
        this.waits = waits;
        insert = new BoundStatement(connection, """
                INSERT INTO chain (run_id, first_id, number)
                SELECT ?2, first, 1 + coalesce((SELECT max(number) FROM chain WHERE first_id = first), 0)
                FROM (SELECT %s AS first)
                """.formatted(FIRST));
        // Who is told of each end hears of a chain once, when its newest run ends.
        untell = new BoundStatement(connection, """
                DELETE FROM ended_run WHERE position = (SELECT max(position) FROM ended_run) AND run_id = ?
                """);
    }

    /** As {@link dev.segno.run.ChainStore#goOn}. */
    boolean goOn(StateChange end, NewRun next) throws SQLException, Write.Undo {
        Slot held = slots.find(end.runId());
        if (!runs.change(end)) {
            return false;
        }
        untell.begin().text(end.runId()).update();
        steps.insertAll(end.runId(), end.records());
        StartOutcome started = runs.start(next, RunState.RUNNING);
        if (!(started instanceof StartOutcome.Started)) {
            throw new Write.Undo(new IllegalStateException(
                    "Run " + end.runId() + " cannot go on as " + next.id() + ", because of " + started.runId()));
        }
        if (held != null) {
            slots.takeOver(next.id(), held);
        }
        waits.insertParent(next);
        String attributes = end.attributes();
        if (attributes != null) {
            runs.saveAttributes(next.id(), attributes, next.createdAt());
        }
        waits.moveSignals(end.runId(), next.id());
        insert.begin().text(end.runId()).text(next.id()).update();
        return true;
    }
}
