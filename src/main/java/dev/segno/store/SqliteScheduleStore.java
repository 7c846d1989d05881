package dev.segno.store;

import dev.segno.store.ReadConnections.Reader;
import dev.segno.trigger.Fire;
import dev.segno.trigger.ScheduleState;
import dev.segno.trigger.ScheduleStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Schedules in the database of the runs, written by the same thread. Safe for use by many threads. */
final class SqliteScheduleStore implements ScheduleStore {

    /** What a queued write takes for each of its rows, roughly. */
    private static final int ROW_BYTES = 256;

    private static final String STATES =
            "SELECT name, cron, zone, accounted_until, paused, retired_at, last_run, row_check FROM schedule";

    private static final String STATE = STATES + " WHERE name = ?";

    private static final String ALL_STATES = STATES + " ORDER BY name";

    private static final String FIRES = "SELECT schedule, fire_at, kind, outcome, run_id, reason, changed_at, row_check"
            + " FROM schedule_fire WHERE schedule = ?";

    private static final String LATEST_FIRES = FIRES + " ORDER BY fire_at DESC";

    private static final String FIRES_BETWEEN = FIRES + " AND fire_at >= ? AND fire_at <= ? ORDER BY fire_at";

    private static final String OPEN_FIRES = FIRES + " AND (outcome = 'DUE' OR outcome = 'QUEUED') ORDER BY fire_at";

    private final GroupCommit<SqliteWriter> writer;
    private final ReadConnections connections;
    private final Quarantine quarantine = new Quarantine();

    SqliteScheduleStore(GroupCommit<SqliteWriter> writer, ReadConnections connections) {
        this.writer = writer;
        this.connections = connections;
    }

    @Override
    public CompletableFuture<Void> save(ScheduleState state, List<Fire> fires) {
        long bytes = ROW_BYTES * (1L + fires.size());
        return writer.submit(Write.silent(bytes, session -> session.schedules().save(state, fires)));
    }

    @Override
    public Optional<ScheduleState> find(String name) {
        return connections.read(
                "Schedule " + name,
                reader -> states(reader.prepare(STATE).text(name)).stream().findFirst());
    }

    @Override
    public List<ScheduleState> list() {
        return connections.read("The list of schedules", reader -> states(reader.prepare(ALL_STATES)));
    }

    private List<ScheduleState> states(BoundStatement statement) throws SQLException {
        List<ScheduleState> states = new ArrayList<>();
        try (ResultSet result = statement.query()) {
            Row row = new Row(result);
            while (row.next()) {
                try {
                    states.add(state(row));
                } catch (UnreadableRow e) {
                    quarantine.report("Schedule " + result.getString(1), e);
                }
            }
        }
        return states;
    }

    private static ScheduleState state(Row row) throws SQLException, UnreadableRow {
        ScheduleState state = new ScheduleState(
                row.text(),
                row.text(),
                row.text(),
                Times.instant(row.number()),
                row.number() == 1,
                Times.instantOrNull(row.numberOrNull()),
                row.textOrNull());
        UnreadableRow.requireChecksum(row.number(), ScheduleTable.checksum(state), "the schedule");
        return state;
    }

    @Override
    public List<Fire> fires(String name, int limit) {
        return read(name, limit, reader -> reader.prepare(LATEST_FIRES).text(name));
    }

    @Override
    public List<Fire> fires(String name, Instant from, Instant to) {
        return read(
                name,
                Integer.MAX_VALUE,
                reader -> reader.prepare(FIRES_BETWEEN)
                        .text(name)
                        .number(Times.micros(from))
                        .number(Times.micros(to)));
    }

    @Override
    public List<Fire> open(String name) {
        return read(
                name, Integer.MAX_VALUE, reader -> reader.prepare(OPEN_FIRES).text(name));
    }

    /** Prepares a statement. */
    @FunctionalInterface
    private interface Prepared {
        BoundStatement on(Reader reader) throws SQLException;
    }

    private List<Fire> read(String name, int limit, Prepared prepared) {
        return connections.read("The fires of schedule " + name, reader -> {
            List<Fire> fires = new ArrayList<>();
            try (ResultSet result = prepared.on(reader).query()) {
                Row row = new Row(result);
                while (fires.size() < limit && row.next()) {
                    try {
                        fires.add(fire(row));
                    } catch (UnreadableRow e) {
                        quarantine.report("Fire " + result.getLong(2) + " of schedule " + name, e);
                    }
                }
            }
            return fires;
        });
    }

    private static Fire fire(Row row) throws SQLException, UnreadableRow {
        Fire fire = new Fire(
                row.text(),
                Times.instant(row.number()),
                UnreadableRow.constant(Fire.Kind.class, row.text()),
                UnreadableRow.constant(Fire.Outcome.class, row.text()),
                row.textOrNull(),
                row.textOrNull(),
                Times.instant(row.number()));
        UnreadableRow.requireChecksum(row.number(), ScheduleTable.checksum(fire), "the fire");
        return fire;
    }

    @Override
    public boolean isWritable() {
        return writer.isWritable();
    }
}
