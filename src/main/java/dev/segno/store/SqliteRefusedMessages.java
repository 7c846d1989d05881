package dev.segno.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.segno.trigger.RefusedMessage;
import dev.segno.trigger.RefusedMessages;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Refused messages in the database of the runs, written by the same thread. Safe for use by many threads. */
final class SqliteRefusedMessages implements RefusedMessages {

    /** What a queued write takes besides the fields, roughly. */
    private static final int ROW_BYTES = 1024;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<LinkedHashMap<String, String>> FIELDS = new TypeReference<>() {};

    private static final String COLUMNS = "SELECT id, source, reader, message_id, fields, deliveries, step, error_type,"
            + " error, at, retries, row_check FROM refused_message";

    private static final String ONE = COLUMNS + " WHERE id = ?";
    private static final String ALL = COLUMNS + " WHERE id > ? ORDER BY id LIMIT ?";
    private static final String OF_SOURCE = COLUMNS + " WHERE id > ? AND source = ? ORDER BY id LIMIT ?";
    private static final String COUNT = "SELECT count(*) FROM refused_message";
    private static final String COUNT_OF_SOURCE = COUNT + " WHERE source = ?";

    private final GroupCommit<SqliteWriter> writer;
    private final ReadConnections connections;
    private final Quarantine quarantine = new Quarantine();

    SqliteRefusedMessages(GroupCommit<SqliteWriter> writer, ReadConnections connections) {
        this.writer = writer;
        this.connections = connections;
    }

    @Override
    public CompletableFuture<Void> add(RefusedMessage message) {
        return write(message, session -> session.refusedMessages().add(message));
    }

    @Override
    public CompletableFuture<Void> update(RefusedMessage message) {
        return write(message, session -> session.refusedMessages().update(message));
    }

    private CompletableFuture<Void> write(RefusedMessage message, Write.Silent<SqliteWriter> operation) {
        long bytes = ROW_BYTES
                + message.fields().values().stream().mapToLong(String::length).sum();
        return writer.submit(Write.silent(bytes, operation));
    }

    @Override
    public CompletableFuture<Boolean> remove(String id) {
        return writer.submit(new Write<>(
                ROW_BYTES, false, session -> session.refusedMessages().remove(id)));
    }

    @Override
    public Optional<RefusedMessage> find(String id) {
        return connections.read("The refused message " + id, reader -> {
            try (ResultSet result = reader.prepare(ONE).text(id).query()) {
                Row row = new Row(result);
                return row.next() ? Optional.of(message(row)) : Optional.empty();
            }
        });
    }

    @Override
    public List<RefusedMessage> list(Optional<String> source, Optional<String> after, int limit) {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit must be between 1 and " + MAX_LIMIT + ", not " + limit);
        }
        return connections.read("Refused messages", reader -> {
            BoundStatement page =
                    reader.prepare(source.isPresent() ? OF_SOURCE : ALL).text(after.orElse(""));
            if (source.isPresent()) {
                page.text(source.get());
            }
            List<RefusedMessage> found = new ArrayList<>();
            try (ResultSet result = page.number(limit).query()) {
                Row row = new Row(result);
                while (row.next()) {
                    try {
                        found.add(message(row));
                    } catch (UnreadableRow e) {
                        quarantine.report("Refused message " + result.getString(1), e);
                    }
                }
            }
            return found;
        });
    }

    @Override
    public long count(Optional<String> source) {
        return connections.read("The number of refused messages", reader -> {
            BoundStatement count = reader.prepare(source.isPresent() ? COUNT_OF_SOURCE : COUNT);
            if (source.isPresent()) {
                count.text(source.get());
            }
            try (ResultSet result = count.query()) {
                return result.next() ? result.getLong(1) : 0L;
            }
        });
    }

    private static RefusedMessage message(Row row) throws SQLException, UnreadableRow {
        String id = row.text();
        String source = row.text();
        String reader = row.text();
        String messageId = row.text();
        String fields = row.text();
        RefusedMessage message = new RefusedMessage(
                id,
                source,
                reader,
                messageId,
                fields(fields),
                row.number(),
                row.text(),
                row.text(),
                row.text(),
                Times.instant(row.number()),
                (int) row.number());
        UnreadableRow.requireChecksum(row.number(), RefusedMessageTable.checksum(message, fields), "the message");
        return message;
    }

    private static Map<String, String> fields(String text) throws UnreadableRow {
        try {
            return JSON.readValue(text, FIELDS);
        } catch (JsonProcessingException e) {
            throw new UnreadableRow("its fields are no JSON: " + e.getOriginalMessage());
        }
    }
}
