package dev.segno.store;

import dev.segno.run.StepKey;
import dev.segno.run.Wait;
import java.sql.SQLException;
import java.time.Instant;

/** A row of the wait table. */
final class WaitRow {

    static final String SELECT = "SELECT run_id, key, signal, child_id, until, since, row_check FROM wait";

    private WaitRow() {}

    static Checksum checksum(String runId, Wait wait) {
        Instant until = wait.until();
        return new Checksum()
                .text(runId)
                .text(wait.key().path())
                .text(wait.signal())
                .text(wait.child())
                .number(until == null ? null : Long.valueOf(Times.micros(until)))
                .number(Times.micros(wait.since()));
    }

    static Wait read(Row row) throws SQLException, UnreadableRow {
        String runId = row.text();
        Wait wait = new Wait(
                new StepKey(row.text()),
                row.textOrNull(),
                row.textOrNull(),
                Times.instantOrNull(row.numberOrNull()),
                Times.instant(row.number()));
        UnreadableRow.requireChecksum(row.number(), checksum(runId, wait), "what run " + runId + " waits for");
        return wait;
    }
}
