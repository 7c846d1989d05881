package dev.segno.store;

import dev.segno.trigger.Fire;
import dev.segno.trigger.ScheduleState;
import dev.segno.trigger.ScheduleStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Writes schedules and their fires. Used by the writer's thread alone. */
final class ScheduleTable {

    private final BoundStatement save;
    private final BoundStatement saveFire;
    private final BoundStatement forgetFires;

    ScheduleTable(Connection connection) throws SQLException {
        save = new BoundStatement(connection, """
                INSERT OR REPLACE INTO schedule
                  (name, cron, zone, accounted_until, paused, retired_at, last_run, row_check)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """);
        saveFire = new BoundStatement(connection, """
                INSERT OR REPLACE INTO schedule_fire
                  (schedule, fire_at, kind, outcome, run_id, reason, changed_at, row_check)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """);
        forgetFires = new BoundStatement(connection, """
                DELETE FROM schedule_fire
                WHERE schedule = ?1 AND outcome <> 'DUE' AND outcome <> 'QUEUED'
                  AND fire_at < (SELECT fire_at FROM schedule_fire WHERE schedule = ?1
                                 ORDER BY fire_at DESC LIMIT 1 OFFSET %d)
                """.formatted(ScheduleStore.KEPT_FIRES - 1));
    }

    static Checksum checksum(ScheduleState state) {
        return new Checksum()
                .text(state.name())
                .text(state.cron())
                .text(state.zone())
                .number(Times.micros(state.accountedUntil()))
                .number(state.paused() ? 1 : 0)
                .number(Times.microsOrNull(state.retiredAt()))
                .text(state.lastRun());
    }

    static Checksum checksum(Fire fire) {
        return new Checksum()
                .text(fire.schedule())
                .number(Times.micros(fire.at()))
                .text(fire.kind().name())
                .text(fire.outcome().name())
                .text(fire.runId())
                .text(fire.reason())
                .number(Times.micros(fire.changedAt()));
    }

    void save(ScheduleState state, List<Fire> fires) throws SQLException {
        save.begin()
                .text(state.name())
                .text(state.cron())
                .text(state.zone())
                .number(Times.micros(state.accountedUntil()))
                .number(state.paused() ? 1 : 0)
                .number(Times.microsOrNull(state.retiredAt()))
                .text(state.lastRun())
                .number(checksum(state).value())
                .update();
        for (Fire fire : fires) {
            saveFire.begin()
                    .text(fire.schedule())
                    .number(Times.micros(fire.at()))
                    .text(fire.kind().name())
                    .text(fire.outcome().name())
                    .text(fire.runId())
                    .text(fire.reason())
                    .number(Times.micros(fire.changedAt()))
                    .number(checksum(fire).value())
                    .update();
        }
        if (!fires.isEmpty()) {
            forgetFires.begin().text(state.name()).update();
        }
    }
}
