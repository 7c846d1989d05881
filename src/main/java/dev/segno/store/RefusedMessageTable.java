package dev.segno.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.segno.trigger.RefusedMessage;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;

/** Writes refused messages. Used by the writer's thread alone. */
final class RefusedMessageTable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final BoundStatement add;
    private final BoundStatement update;
    private final BoundStatement remove;

    RefusedMessageTable(Connection connection) throws SQLException {
        add = new BoundStatement(connection, """
                INSERT INTO refused_message
                  (id, source, reader, message_id, fields, deliveries, step, error_type, error, at, retries, row_check)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (source, reader, message_id) DO NOTHING
                """);
        update = new BoundStatement(connection, """
                UPDATE refused_message SET step = ?2, error_type = ?3, error = ?4, retries = ?5, row_check = ?6
                WHERE id = ?1
                """);
        remove = new BoundStatement(connection, "DELETE FROM refused_message WHERE id = ?");
    }

    static Checksum checksum(RefusedMessage message, String fields) {
        return new Checksum()
                .text(message.id())
                .text(message.source())
                .text(message.reader())
                .text(message.messageId())
                .text(fields)
                .number(message.deliveries())
                .text(message.step())
                .text(message.errorType())
                .text(message.error())
                .number(Times.micros(message.at()))
                .number(message.retries());
    }

    static String text(Map<String, String> fields) {
        try {
            return JSON.writeValueAsString(fields);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Texts can be written as JSON", e);
        }
    }

    void add(RefusedMessage message) throws SQLException {
        String fields = text(message.fields());
        add.begin()
                .text(message.id())
                .text(message.source())
                .text(message.reader())
                .text(message.messageId())
                .text(fields)
                .number(message.deliveries())
                .text(message.step())
                .text(message.errorType())
                .text(message.error())
                .number(Times.micros(message.at()))
                .number(message.retries())
                .number(checksum(message, fields).value())
                .update();
    }

    void update(RefusedMessage message) throws SQLException {
        update.begin()
                .text(message.id())
                .text(message.step())
                .text(message.errorType())
                .text(message.error())
                .number(message.retries())
                .number(checksum(message, text(message.fields())).value())
                .update();
    }

    boolean remove(String id) throws SQLException {
        return remove.begin().text(id).update() > 0;
    }
}
