package dev.segno.store;

import dev.segno.run.Admitted;
import dev.segno.run.Limits;
import dev.segno.run.RunState;
import dev.segno.run.Slot;
import dev.segno.run.StartOutcome;
import dev.segno.run.StateChange;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Counts runs that are under way, and lets queued ones begin. The state of a slot follows that of its run by a trigger of
 * the database: there is nothing to give back, and nothing that a crash could leave taken. Used by the writer's thread
 * alone.
 */
final class SlotTable {

    /** When to come again to a queue that is full: nobody knows how long its runs take. */
    private static final Duration QUEUE_IS_FULL = Duration.ofSeconds(5);

    /** Most runs that one write lets begin. */
    private static final int AT_ONCE = 100;

    private final RunTable runs;
    private final BoundStatement insert;
    private final BoundStatement find;
    private final BoundStatement countUnderWay;
    private final BoundStatement countQueued;
    private final BoundStatement firstUnderWay;
    private final BoundStatement firstQueued;
    private final BoundStatement insertBegin;
    private final BoundStatement forgetBegins;
    private final BoundStatement earlierBegin;

    SlotTable(Connection connection, RunTable runs) throws SQLException {
        this.runs = runs;
        insert = new BoundStatement(connection, """
                INSERT INTO slot (run_id, limit_key, state, priority, most, rate_runs, rate_interval, begun)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """);
        find = new BoundStatement(
                connection, "SELECT limit_key, most, priority, rate_runs, rate_interval FROM slot WHERE run_id = ?");
        countUnderWay = new BoundStatement(connection, """
                SELECT (SELECT count(*) FROM slot WHERE limit_key = ?1 AND state = 'RUNNING')
                     + (SELECT count(*) FROM slot WHERE limit_key = ?1 AND state = 'COMPENSATING')
                """);
        countQueued =
                new BoundStatement(connection, "SELECT count(*) FROM slot WHERE limit_key = ? AND state = 'QUEUED'");
        firstUnderWay = new BoundStatement(connection, """
                SELECT run_id FROM slot
                WHERE limit_key = ? AND (state = 'RUNNING' OR state = 'COMPENSATING' OR state = 'QUEUED')
                ORDER BY state = 'QUEUED', run_id LIMIT 1
                """);
        firstQueued = new BoundStatement(connection, """
                SELECT run_id, most, rate_runs, rate_interval, begun, revision
                FROM slot JOIN run ON run.id = run_id
                WHERE limit_key = ? AND slot.state = 'QUEUED'
                ORDER BY priority DESC, run_id LIMIT 1
                """);
        insertBegin = new BoundStatement(
                connection,
                "INSERT INTO run_begin (limit_key, begun_at, run_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING");
        forgetBegins = new BoundStatement(connection, "DELETE FROM run_begin WHERE limit_key = ? AND begun_at <= ?");
        earlierBegin = new BoundStatement(connection, """
                SELECT run_id, begun_at FROM run_begin WHERE limit_key = ? ORDER BY begun_at DESC LIMIT 1 OFFSET ?
                """);
    }

    /**
     * What becomes of a start: {@link StartOutcome.Started} or {@link StartOutcome.Queued} with its own id, anything else
     * with that of the run in its way. Nothing is written yet.
     */
    StartOutcome decide(String runId, Slot slot, Instant now) throws SQLException {
        Limits limits = slot.limits();
        int queued = count(countQueued, slot.key());
        boolean free = queued == 0 && count(countUnderWay, slot.key()) < limits.maxConcurrent();
        Begin tooEarly = tooEarly(slot.key(), limits.rate(), now);
        if (free && tooEarly == null) {
            return new StartOutcome.Started(runId);
        }
        if (limits.whenBusy() == Limits.WhenBusy.QUEUE) {
            return queued < limits.maxQueued()
                    ? new StartOutcome.Queued(runId)
                    : new StartOutcome.Throttled(inTheWay(slot.key(), runId), QUEUE_IS_FULL);
        }
        if (free && tooEarly != null) {
            return new StartOutcome.Throttled(tooEarly.runId(), Duration.between(now, tooEarly.next()));
        }
        String other = inTheWay(slot.key(), runId);
        return limits.whenBusy() == Limits.WhenBusy.JOIN
                ? new StartOutcome.Existing(other)
                : new StartOutcome.Busy(other);
    }

    /** Writes down a run that was just started. */
    void insert(String runId, Slot slot, RunState state, Instant at) throws SQLException {
        insertRow(runId, slot, state);
        Limits.Rate rate = slot.limits().rate();
        if (state == RunState.RUNNING && rate != null) {
            begins(runId, slot.key(), rate, at);
        }
    }

    /** A run goes on in the place of another, and is no new one to the rate. */
    void takeOver(String runId, Slot slot) throws SQLException {
        insertRow(runId, slot, RunState.RUNNING);
    }

    private void insertRow(String runId, Slot slot, RunState state) throws SQLException {
        Limits.Rate rate = slot.limits().rate();
        insert.begin()
                .text(runId)
                .text(slot.key())
                .text(state.name())
                .number(slot.priority())
                .number(slot.limits().maxConcurrent())
                .number(rate == null ? null : Long.valueOf(rate.runs()))
                .number(rate == null ? null : Long.valueOf(micros(rate.interval())))
                .number(state == RunState.RUNNING ? 1 : 0)
                .update();
    }

    /** The place of a run; null when it is not counted. Its limits are those that its place is counted by. */
    @Nullable
    Slot find(String runId) throws SQLException {
        find.begin().text(runId);
        try (ResultSet row = find.query()) {
            return row.next()
                    ? new Slot(
                            row.getString(1),
                            row.getInt(3),
                            new Limits(row.getInt(2), Limits.WhenBusy.REJECT, 0, rate(row, 4), null))
                    : null;
        }
    }

    /** From two columns. */
    private static Limits.@Nullable Rate rate(ResultSet row, int column) throws SQLException {
        int runs = row.getInt(column);
        return row.wasNull() ? null : new Limits.Rate(runs, Duration.ofNanos(1000 * row.getLong(column + 1)));
    }

    /** Whether a run that has been under way before may be so again: its key has a place, and nobody stands in line. */
    boolean isFreeFor(String runId) throws SQLException {
        Slot slot = find(runId);
        return slot == null
                || (count(countQueued, slot.key()) == 0
                        && count(countUnderWay, slot.key()) < slot.limits().maxConcurrent());
    }

    Admitted admit(String key, Instant now) throws SQLException, Write.Undo {
        List<String> admitted = new ArrayList<>();
        for (Queued next = first(key); next != null; next = first(key)) {
            if (count(countUnderWay, key) >= next.most()) {
                return new Admitted(admitted, null);
            }
            Begin tooEarly = next.begun() ? null : tooEarly(key, next.rate(), now);
            if (tooEarly != null || admitted.size() == AT_ONCE) {
                return new Admitted(admitted, tooEarly == null ? now : tooEarly.next());
            }
            StateChange change = new StateChange(
                    next.runId(), next.revision(), RunState.RUNNING, List.of(), null, null, null, false, now);
            if (!runs.change(change)) {
                throw new Write.Undo(new IllegalStateException("Run " + next.runId() + " cannot begin"));
            }
            if (!next.begun() && next.rate() != null) {
                begins(next.runId(), key, next.rate(), now);
            }
            admitted.add(next.runId());
        }
        return new Admitted(admitted, null);
    }

    /** A run that began not long enough ago, and when the next one may. */
    private record Begin(String runId, Instant next) {}

    private @Nullable Begin tooEarly(String key, Limits.@Nullable Rate rate, Instant now) throws SQLException {
        if (rate == null) {
            return null;
        }
        earlierBegin.begin().text(key).number(rate.runs() - 1L);
        try (ResultSet row = earlierBegin.query()) {
            if (!row.next()) {
                return null;
            }
            Instant next = Times.instant(row.getLong(2)).plus(rate.interval());
            return next.isAfter(now) ? new Begin(row.getString(1), next) : null;
        }
    }

    private void begins(String runId, String key, Limits.Rate rate, Instant at) throws SQLException {
        forgetBegins
                .begin()
                .text(key)
                .number(Times.micros(at.minus(rate.interval())))
                .update();
        insertBegin.begin().text(key).number(Times.micros(at)).text(runId).update();
    }

    private record Queued(String runId, long most, Limits.@Nullable Rate rate, boolean begun, long revision) {}

    private @Nullable Queued first(String key) throws SQLException {
        firstQueued.begin().text(key);
        try (ResultSet result = firstQueued.query()) {
            if (!result.next()) {
                return null;
            }
            return new Queued(
                    result.getString(1), result.getLong(2), rate(result, 3), result.getInt(5) == 1, result.getLong(6));
        }
    }

    private String inTheWay(String key, String otherwise) throws SQLException {
        firstUnderWay.begin().text(key);
        try (ResultSet row = firstUnderWay.query()) {
            return row.next() ? row.getString(1) : otherwise;
        }
    }

    private static int count(BoundStatement statement, String key) throws SQLException {
        statement.begin().text(key);
        try (ResultSet row = statement.query()) {
            return row.next() ? row.getInt(1) : 0;
        }
    }

    private static long micros(Duration duration) {
        return duration.toNanos() / 1000;
    }
}
