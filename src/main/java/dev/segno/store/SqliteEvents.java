package dev.segno.store;

import dev.segno.event.Event;
import dev.segno.event.EventQuery;
import dev.segno.event.EventStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Events in the database of the runs, written by the same thread. Safe for use by many threads. */
final class SqliteEvents implements EventStore {

    /** What a queued event takes, roughly, besides its payload. */
    private static final int ROW_BYTES = 1024;

    private static final String NEWEST =
            "SELECT event_id, type, channel, payload, sequence_id, priority, correlation_id,"
                    + " trace_id, source_service, published_at, replays, duplicate_of, row_check FROM event WHERE ";

    private static final String COUNT = "SELECT count(*) FROM event WHERE ";

    private final GroupCommit<SqliteWriter> writer;
    private final ReadConnections connections;
    private final Quarantine quarantine = new Quarantine();

    SqliteEvents(GroupCommit<SqliteWriter> writer, ReadConnections connections) {
        this.writer = writer;
        this.connections = connections;
    }

    @Override
    public CompletableFuture<Boolean> append(Event event, @Nullable String effectKey) {
        return writer.submit(new Write<>(
                ROW_BYTES + event.payload().length(),
                false,
                session -> session.events().append(event, effectKey)));
    }

    @Override
    public List<Event> newest(EventQuery query, int limit) {
        EventCondition condition = new EventCondition(query);
        return connections.read("The history of events", reader -> {
            List<Event> events = new ArrayList<>();
            String sql = NEWEST + EventCondition.SQL + " ORDER BY sequence DESC";
            try (ResultSet result = condition.bind(reader.prepare(sql)).query()) {
                Row row = new Row(result);
                while (events.size() < limit && row.next()) {
                    try {
                        events.add(event(row));
                    } catch (UnreadableRow e) {
                        quarantine.report("Event " + result.getString(1), e);
                    }
                }
            }
            Collections.reverse(events);
            return events;
        });
    }

    private static Event event(Row row) throws SQLException, UnreadableRow {
        Event event = new Event(
                row.text(),
                row.text(),
                row.text(),
                row.text(),
                row.text(),
                UnreadableRow.constant(Event.Priority.class, row.text()),
                row.textOrNull(),
                row.textOrNull(),
                row.text(),
                Times.instant(row.number()),
                (int) row.number(),
                row.textOrNull());
        UnreadableRow.requireChecksum(row.number(), EventTable.checksum(event), "the event");
        return event;
    }

    @Override
    public long count(EventQuery query) {
        EventCondition condition = new EventCondition(query);
        return connections.read("The number of events", reader -> {
            try (ResultSet result =
                    condition.bind(reader.prepare(COUNT + EventCondition.SQL)).query()) {
                return result.next() ? result.getLong(1) : 0L;
            }
        });
    }

    @Override
    public CompletableFuture<Integer> delete(EventQuery query) {
        EventCondition condition = new EventCondition(query);
        return writer.submit(
                new Write<>(ROW_BYTES, false, session -> session.events().delete(condition)));
    }

    @Override
    public CompletableFuture<Void> countReplay(String eventId) {
        return writer.submit(Write.silent(ROW_BYTES, session -> session.events().countReplay(eventId)));
    }

    @Override
    public CompletableFuture<Void> forget(int keep, Instant since) {
        return writer.submit(Write.silent(ROW_BYTES, session -> session.events().forget(keep, since)));
    }
}
