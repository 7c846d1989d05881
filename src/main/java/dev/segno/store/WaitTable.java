package dev.segno.store;

import dev.segno.run.NewRun;
import dev.segno.run.ParentLink;
import dev.segno.run.Payload;
import dev.segno.run.RunState;
import dev.segno.run.Signal;
import dev.segno.run.SignalOutcome;
import dev.segno.run.StateChange;
import dev.segno.run.StepKey;
import dev.segno.run.StepRecord;
import dev.segno.run.Wait;
import dev.segno.run.WaitOutcome;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes what runs wait for and what ends it. Used by the writer's thread alone. */
final class WaitTable {

    /** What a run has not taken yet. */
    private static final String SIGNAL = """
            SELECT sequence, signal_id, name, received_at, body_kind, row_check, body
            FROM signal WHERE run_id = ? AND taken = 0
            """;

    private final RunTable runs;
    private final SlotTable slots;
    private final StepTable steps;
    private final BoundStatement stateOf;
    private final BoundStatement insert;
    private final BoundStatement find;
    private final BoundStatement byChild;
    private final BoundStatement newest;
    private final BoundStatement delete;
    private final BoundStatement insertSignal;
    private final BoundStatement knownSignal;
    private final BoundStatement knownInChain;
    private final BoundStatement oldestSignal;
    private final BoundStatement takeSignal;
    private final BoundStatement openSignals;
    private final BoundStatement insertParent;

    WaitTable(Connection connection, RunTable runs, SlotTable slots, StepTable steps) throws SQLException {
        this.runs = runs;
        this.slots = slots;
        this.steps = steps;
        stateOf = new BoundStatement(connection, "SELECT state, revision FROM run WHERE id = ?");
        insert = new BoundStatement(connection, """
                INSERT INTO wait (run_id, key, signal, child_id, until, since, row_check) VALUES (?, ?, ?, ?, ?, ?, ?)
                """);
        find = new BoundStatement(connection, WaitRow.SELECT + " WHERE run_id = ?");
        // Who waits for a run that goes on as others waits for the first one.
        byChild = new BoundStatement(connection, "SELECT run_id FROM wait WHERE child_id = " + ChainTable.FIRST);
        newest = new BoundStatement(connection, ChainTable.NEWEST);
        delete = new BoundStatement(connection, "DELETE FROM wait WHERE run_id = ?");
        insertSignal = new BoundStatement(connection, """
                INSERT INTO signal (run_id, signal_id, name, received_at, body_kind, row_check, body)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT DO NOTHING
                """);
        knownSignal = new BoundStatement(connection, "SELECT 1 FROM signal WHERE run_id = ?1 AND signal_id = ?2");
        knownInChain = new BoundStatement(connection, """
                SELECT 1 FROM chain AS this JOIN chain AS other ON other.first_id = this.first_id
                              JOIN signal ON (signal.run_id = other.run_id OR signal.run_id = this.first_id)
                WHERE this.run_id = ?1 AND signal_id = ?2
                """);
        oldestSignal = new BoundStatement(connection, SIGNAL + " AND name = ? ORDER BY sequence LIMIT 1");
        openSignals = new BoundStatement(connection, SIGNAL + " ORDER BY sequence");
        takeSignal = new BoundStatement(connection, "UPDATE signal SET taken = 1 WHERE sequence = ?");
        insertParent = new BoundStatement(connection, """
                INSERT INTO parent (run_id, parent_id, parent_step, kind, row_check) VALUES (?, ?, ?, ?, ?)
                """);
    }

    /** State and revision of a run as it stands in the transaction. */
    private record Standing(RunState state, long revision) {}

    private static Checksum checksum(Signal signal) {
        return new Checksum()
                .text(signal.runId())
                .text(signal.id())
                .text(signal.name())
                .number(Times.micros(signal.at()))
                .text(signal.body().kind().name())
                .bytes(signal.body().bytes());
    }

    static Checksum checksum(String runId, ParentLink parent) {
        return new Checksum()
                .text(runId)
                .text(parent.runId())
                .text(parent.step().path())
                .text(parent.kind().name());
    }

    void insertParent(NewRun run) throws SQLException {
        ParentLink parent = run.parent();
        if (parent != null) {
            insertParent
                    .begin()
                    .text(run.id())
                    .text(parent.runId())
                    .text(parent.step().path())
                    .text(parent.kind().name())
                    .number(checksum(run.id(), parent).value())
                    .update();
        }
    }

    WaitOutcome await(String runId, long expectedRevision, Wait wait) throws SQLException, Write.Undo {
        Standing standing = standing(runId).orElse(null);
        if (standing == null || standing.state() != RunState.RUNNING || standing.revision() != expectedRevision) {
            return new WaitOutcome.Refused();
        }
        String child = wait.child();
        if (child != null
                && standing(newestOf(child)).map(it -> it.state().isFinal()).orElse(true)) {
            return new WaitOutcome.Ended();
        }
        String name = wait.signal();
        if (name != null) {
            StepRecord early = takeEarly(runId, name, wait);
            if (early != null) {
                steps.insertAll(runId, List.of(early));
                return new WaitOutcome.Arrived(early);
            }
        }
        move(runId, expectedRevision, RunState.WAITING, List.of(), wait.since());
        Instant until = wait.until();
        insert.begin()
                .text(runId)
                .text(wait.key().path())
                .text(name)
                .text(child)
                .number(until == null ? null : Long.valueOf(Times.micros(until)))
                .number(Times.micros(wait.since()))
                .number(WaitRow.checksum(runId, wait).value())
                .update();
        return new WaitOutcome.Waiting();
    }

    private @Nullable StepRecord takeEarly(String runId, String name, Wait wait) throws SQLException, Write.Undo {
        oldestSignal.begin().text(runId).text(name);
        List<OpenSignal> oldest = read(runId, oldestSignal);
        if (oldest.isEmpty()) {
            return null;
        }
        takeSignal.begin().number(oldest.get(0).sequence()).update();
        Payload body = oldest.get(0).signal().body();
        return new StepRecord(wait.key(), 1, wait.since(), wait.since(), new StepRecord.Signalled(body));
    }

    /** A signal that was not taken yet, and where it stands. */
    private record OpenSignal(long sequence, Signal signal) {}

    private static List<OpenSignal> read(String runId, BoundStatement statement) throws SQLException, Write.Undo {
        List<OpenSignal> signals = new ArrayList<>();
        try (ResultSet result = statement.query()) {
            Row row = new Row(result);
            while (row.next()) {
                long sequence = row.number();
                String id = row.text();
                String name = row.text();
                Instant at = Times.instant(row.number());
                Payload.Kind kind = UnreadableRow.constant(Payload.Kind.class, row.text());
                long check = row.number();
                byte[] bytes = row.bytesOrNull();
                Payload.Inline body = new Payload.Inline(kind, bytes == null ? new byte[0] : bytes);
                Signal signal = new Signal(runId, id, name, body, at);
                UnreadableRow.requireChecksum(check, checksum(signal), "the signal " + id);
                signals.add(new OpenSignal(sequence, signal));
            }
        } catch (UnreadableRow e) {
            throw new Write.Undo(new IllegalStateException("Run " + runId + ": " + e.getMessage(), e));
        }
        return signals;
    }

    /** What a run has not taken is there for the one in which it goes on, in the same order. */
    void moveSignals(String from, String to) throws SQLException, Write.Undo {
        openSignals.begin().text(from);
        for (OpenSignal open : read(from, openSignals)) {
            Signal signal = open.signal();
            takeSignal.begin().number(open.sequence()).update();
            insert(new Signal(to, signal.id(), signal.name(), signal.body(), signal.at()));
        }
    }

    private int insert(Signal signal) throws SQLException {
        return insertSignal
                .begin()
                .text(signal.runId())
                .text(signal.id())
                .text(signal.name())
                .number(Times.micros(signal.at()))
                .text(signal.body().kind().name())
                .number(checksum(signal).value())
                .bytes(signal.body().bytes())
                .update();
    }

    SignalOutcome signal(Signal signal) throws SQLException, Write.Undo {
        Standing standing = standing(signal.runId()).orElse(null);
        if (standing == null) {
            return new SignalOutcome.NoRun();
        }
        if (standing.state().isFinal()) {
            return isKnown(signal, knownSignal)
                    ? new SignalOutcome.Duplicate()
                    : new SignalOutcome.TooLate(standing.state());
        }
        if (isKnown(signal, knownInChain) || insert(signal) == 0) {
            return new SignalOutcome.Duplicate();
        }
        Wait wait = standing.state() == RunState.WAITING ? find(signal.runId()) : null;
        if (wait == null || !signal.name().equals(wait.signal())) {
            return new SignalOutcome.Kept();
        }
        StepRecord early = takeEarly(signal.runId(), signal.name(), wait);
        if (early == null) {
            throw new Write.Undo(new IllegalStateException("The signal that was just written is gone"));
        }
        StepRecord record = new StepRecord(early.key(), 1, wait.since(), signal.at(), early.outcome());
        resume(signal.runId(), standing.revision(), List.of(record), signal.at());
        return new SignalOutcome.Delivered();
    }

    private static boolean isKnown(Signal signal, BoundStatement known) throws SQLException {
        known.begin().text(signal.runId()).text(signal.id());
        try (ResultSet row = known.query()) {
            return row.next();
        }
    }

    private String newestOf(String runId) throws SQLException {
        newest.begin().text(runId);
        try (ResultSet row = newest.query()) {
            return row.next() ? row.getString(1) : runId;
        }
    }

    boolean timeOut(String runId, StepKey key, Instant now) throws SQLException, Write.Undo {
        Standing standing = standing(runId).orElse(null);
        Wait wait = standing == null || standing.state() != RunState.WAITING ? null : find(runId);
        if (standing == null
                || wait == null
                || !wait.key().equals(key)
                || wait.until() == null
                || wait.until().isAfter(now)) {
            return false;
        }
        // A step that waits for a child run is tried again, whatever ends its wait.
        List<StepRecord> records = wait.child() != null
                ? List.of()
                : List.of(new StepRecord(key, 1, wait.since(), now, new StepRecord.TimedOut()));
        resume(runId, standing.revision(), records, now);
        return true;
    }

    List<String> wake(String endedRunId, Instant now) throws SQLException, Write.Undo {
        List<String> waiting = new ArrayList<>();
        byChild.begin().text(endedRunId);
        try (ResultSet result = byChild.query()) {
            while (result.next()) {
                waiting.add(result.getString(1));
            }
        }
        for (String runId : waiting) {
            resume(runId, standing(runId).map(Standing::revision).orElse(-1L), List.of(), now);
        }
        return waiting;
    }

    /** Forgets what a run waits for, if it does. */
    void forget(String runId) throws SQLException {
        delete.begin().text(runId).update();
    }

    private void resume(String runId, long revision, List<StepRecord> records, Instant now)
            throws SQLException, Write.Undo {
        forget(runId);
        move(runId, revision, slots.isFreeFor(runId) ? RunState.RUNNING : RunState.QUEUED, records, now);
    }

    private void move(String runId, long revision, RunState next, List<StepRecord> records, Instant at)
            throws SQLException, Write.Undo {
        boolean moved = runs.change(new StateChange(runId, revision, next, records, null, null, null, false, at));
        if (!moved) {
            throw new Write.Undo(new IllegalStateException("Run " + runId + " cannot become " + next));
        }
        steps.insertAll(runId, records);
    }

    private Optional<Standing> standing(String runId) throws SQLException {
        stateOf.begin().text(runId);
        try (ResultSet row = stateOf.query()) {
            return row.next()
                    ? Optional.of(new Standing(RunState.valueOf(row.getString(1)), row.getLong(2)))
                    : Optional.empty();
        }
    }

    private @Nullable Wait find(String runId) throws SQLException, Write.Undo {
        find.begin().text(runId);
        try (ResultSet result = find.query()) {
            Row row = new Row(result);
            return row.next() ? WaitRow.read(row) : null;
        } catch (UnreadableRow e) {
            throw new Write.Undo(new IllegalStateException("Run " + runId + ": " + e.getMessage(), e));
        }
    }
}
