package dev.segno.store;

import dev.segno.trigger.EndedRuns;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;

/** Writes how far the readers of ended runs have come; the runs themselves are written by a trigger. Used by the writer's thread alone. */
final class EndedRunTable {

    private final BoundStatement add;
    private final BoundStatement save;
    private final BoundStatement forget;
    private final BoundStatement last;

    EndedRunTable(Connection connection) throws SQLException {
        add = new BoundStatement(connection, """
                INSERT OR IGNORE INTO ended_reader (name, position, last_day, note, changed_at, row_check)
                VALUES (?, ?, ?, ?, ?, ?)
                """);
        save = new BoundStatement(connection, """
                INSERT OR REPLACE INTO ended_reader (name, position, last_day, note, changed_at, row_check)
                VALUES (?, ?, ?, ?, ?, ?)
                """);
        // The last one stays, so that positions go on growing.
        forget = new BoundStatement(connection, """
                DELETE FROM ended_run
                WHERE position <= (SELECT min(position) FROM ended_reader)
                  AND position < (SELECT max(position) FROM ended_run)
                """);
        last = new BoundStatement(connection, "SELECT coalesce(max(position), 0) FROM ended_run");
    }

    static Checksum checksum(EndedRuns.Reader reader) {
        Checksum checksum = new Checksum()
                .text(reader.name())
                .number(reader.position())
                .number(reader.lastDay().toEpochDay());
        // Rows from before there was this column are as they were.
        return reader.note() == null ? checksum : checksum.text(reader.note());
    }

    /** The position of the run that ended last. */
    long last() throws SQLException {
        try (var result = last.begin().query()) {
            return result.next() ? result.getLong(1) : 0;
        }
    }

    void add(EndedRuns.Reader reader, Instant now) throws SQLException {
        write(add, reader, now);
    }

    void save(EndedRuns.Reader reader, Instant now) throws SQLException {
        write(save, reader, now);
        forget.begin().update();
    }

    private static void write(BoundStatement statement, EndedRuns.Reader reader, Instant now) throws SQLException {
        statement
                .begin()
                .text(reader.name())
                .number(reader.position())
                .number(reader.lastDay().toEpochDay())
                .text(reader.note())
                .number(Times.micros(now))
                .number(checksum(reader).value())
                .update();
    }
}
