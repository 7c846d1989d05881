package dev.segno.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.segno.shopping.KeyedRequest;
import dev.segno.shopping.Session;
import dev.segno.shopping.SessionEvent;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes sessions of the shopping assistant, their events, and keyed requests. Used by the writer's thread alone. */
final class SessionTable {

    static final String SESSIONS = "SELECT id, user_id, owner, document, created_at, updated_at, expires_at, row_check"
            + " FROM shopping_session WHERE ";

    static final String KEYED =
            "SELECT key, session_id, fingerprint, clarification_id, reply, at FROM shopping_request WHERE key = ?";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final BoundStatement find;
    private final BoundStatement save;
    private final BoundStatement eventsOf;
    private final BoundStatement lastEvent;
    private final BoundStatement append;
    private final BoundStatement keyed;
    private final BoundStatement saveKeyed;
    private final BoundStatement over;
    private final List<BoundStatement> forget = new ArrayList<>();

    SessionTable(Connection connection) throws SQLException {
        find = new BoundStatement(connection, SESSIONS + "id = ?");
        save = new BoundStatement(connection, """
            INSERT INTO shopping_session
              (id, user_id, owner, document, created_at, updated_at, expires_at, row_check)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET
              user_id = excluded.user_id, owner = excluded.owner, document = excluded.document,
              created_at = excluded.created_at, updated_at = excluded.updated_at, expires_at = excluded.expires_at,
              row_check = excluded.row_check
            """);
        eventsOf = new BoundStatement(
                connection, "SELECT 1 FROM shopping_event WHERE session_id = ? AND origin = ? LIMIT 1");
        lastEvent = new BoundStatement(
                connection, "SELECT coalesce(max(sequence), 0) FROM shopping_event WHERE session_id = ?");
        append = new BoundStatement(
                connection,
                "INSERT INTO shopping_event (session_id, sequence, origin, type, data, at) VALUES (?, ?, ?, ?, ?, ?)");
        keyed = new BoundStatement(connection, KEYED);
        saveKeyed = new BoundStatement(connection, """
            INSERT INTO shopping_request (key, session_id, fingerprint, clarification_id, reply, at)
            VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (key) DO UPDATE SET reply = excluded.reply
            """);
        over = new BoundStatement(connection, "SELECT id FROM shopping_session WHERE expires_at <= ? LIMIT 20");
        for (String table : List.of("shopping_event", "shopping_request")) {
            forget.add(new BoundStatement(connection, "DELETE FROM " + table + " WHERE session_id = ?"));
        }
        forget.add(new BoundStatement(connection, "DELETE FROM shopping_session WHERE id = ?"));
    }

    Optional<Session> find(String id) throws SQLException, UnreadableRow {
        try (ResultSet result = find.begin().text(id).query()) {
            Row row = new Row(result);
            return row.next() ? Optional.of(session(row)) : Optional.empty();
        }
    }

    void save(Session session) throws SQLException {
        String document = session.document().toString();
        save.begin()
                .text(session.id())
                .text(session.userId())
                .text(session.owner())
                .text(document)
                .number(Times.micros(session.createdAt()))
                .number(Times.micros(session.updatedAt()))
                .number(Times.micros(session.expiresAt()))
                .number(checksum(session, document).value())
                .update();
    }

    boolean hasEvents(String sessionId, String origin) throws SQLException {
        try (ResultSet result = eventsOf.begin().text(sessionId).text(origin).query()) {
            return result.next();
        }
    }

    List<SessionEvent> append(String sessionId, String origin, List<SessionEvent> events) throws SQLException {
        long sequence;
        try (ResultSet result = lastEvent.begin().text(sessionId).query()) {
            sequence = result.getLong(1);
        }
        List<SessionEvent> written = new ArrayList<>();
        for (SessionEvent event : events) {
            sequence++;
            append.begin()
                    .text(sessionId)
                    .number(sequence)
                    .text(origin)
                    .text(event.type())
                    .text(event.data().toString())
                    .number(Times.micros(event.at()))
                    .update();
            written.add(new SessionEvent(sessionId, sequence, event.type(), event.data(), event.at()));
        }
        return written;
    }

    Optional<KeyedRequest> keyed(String key) throws SQLException, UnreadableRow {
        try (ResultSet result = keyed.begin().text(key).query()) {
            Row row = new Row(result);
            return row.next() ? Optional.of(keyed(row)) : Optional.empty();
        }
    }

    void save(KeyedRequest request) throws SQLException {
        saveKeyed
                .begin()
                .text(request.key())
                .text(request.sessionId())
                .text(request.fingerprint())
                .text(request.clarificationId())
                .text(request.reply())
                .number(Times.micros(request.at()))
                .update();
    }

    void forget(Instant now) throws SQLException {
        List<String> ids = new ArrayList<>();
        try (ResultSet result = over.begin().number(Times.micros(now)).query()) {
            while (result.next()) {
                ids.add(result.getString(1));
            }
        }
        for (String id : ids) {
            for (BoundStatement statement : forget) {
                statement.begin().text(id).update();
            }
        }
    }

    static Session session(Row row) throws SQLException, UnreadableRow {
        String id = row.text();
        String userId = row.text();
        String owner = row.textOrNull();
        String document = row.text();
        Session session = new Session(
                id,
                userId,
                owner,
                object(document),
                Times.instant(row.number()),
                Times.instant(row.number()),
                Times.instant(row.number()));
        UnreadableRow.requireChecksum(row.number(), checksum(session, document), "the session");
        return session;
    }

    static KeyedRequest keyed(Row row) throws SQLException, UnreadableRow {
        return new KeyedRequest(
                row.text(), row.text(), row.text(), row.textOrNull(), row.textOrNull(), Times.instant(row.number()));
    }

    private static Checksum checksum(Session session, String document) {
        return new Checksum()
                .text(session.id())
                .text(session.userId())
                .text(session.owner())
                .text(document)
                .number(Times.micros(session.createdAt()))
                .number(Times.micros(session.updatedAt()))
                .number(Times.micros(session.expiresAt()));
    }

    static JsonNode json(String text) throws UnreadableRow {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new UnreadableRow("it holds no JSON");
        }
    }

    private static ObjectNode object(String text) throws UnreadableRow {
        if (json(text) instanceof ObjectNode object) {
            return object;
        }
        throw new UnreadableRow("it holds no JSON object");
    }
}
