package dev.segno.store;

import dev.segno.event.Event;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Writes events. Used by the writer's thread alone. */
final class EventTable {

    private final BoundStatement insert;
    private final BoundStatement countReplay;
    private final BoundStatement delete;
    private final BoundStatement forgetOld;
    private final BoundStatement forgetMany;

    EventTable(Connection connection) throws SQLException {
        insert = new BoundStatement(connection, """
            INSERT INTO event
              (event_id, effect_key, type, channel, payload, sequence_id, priority, correlation_id, trace_id,
               source_service, published_at, replays, duplicate_of, row_check)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """);
        countReplay = new BoundStatement(connection, "UPDATE event SET replays = replays + 1 WHERE event_id = ?");
        delete = new BoundStatement(connection, "DELETE FROM event WHERE " + EventCondition.SQL);
        forgetOld = new BoundStatement(connection, "DELETE FROM event WHERE published_at < ?");
        forgetMany = new BoundStatement(
                connection,
                "DELETE FROM event WHERE sequence IN (SELECT sequence FROM event ORDER BY sequence DESC LIMIT -1"
                        + " OFFSET ?)");
    }

    static Checksum checksum(Event event) {
        Checksum checksum = new Checksum()
                .text(event.id())
                .text(event.type())
                .text(event.channel())
                .text(event.payload())
                .text(event.sequenceId())
                .text(event.priority().name())
                .text(event.correlationId())
                .text(event.traceId())
                .text(event.sourceService())
                .number(Times.micros(event.publishedAt()));
        // Rows from before there was this column are as they were.
        return event.duplicateOf() == null ? checksum : checksum.text(event.duplicateOf());
    }

    boolean append(Event event, @Nullable String effectKey) throws SQLException {
        return insert.begin()
                        .text(event.id())
                        .text(effectKey)
                        .text(event.type())
                        .text(event.channel())
                        .text(event.payload())
                        .text(event.sequenceId())
                        .text(event.priority().name())
                        .text(event.correlationId())
                        .text(event.traceId())
                        .text(event.sourceService())
                        .number(Times.micros(event.publishedAt()))
                        .number(event.replays())
                        .text(event.duplicateOf())
                        .number(checksum(event).value())
                        .update()
                > 0;
    }

    void countReplay(String id) throws SQLException {
        countReplay.begin().text(id).update();
    }

    int delete(EventCondition condition) throws SQLException {
        return condition.bind(delete.begin()).update();
    }

    void forget(int keep, Instant since) throws SQLException {
        forgetOld.begin().number(Times.micros(since)).update();
        forgetMany.begin().number(keep).update();
    }
}
