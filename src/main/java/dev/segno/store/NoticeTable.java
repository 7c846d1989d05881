package dev.segno.store;

import dev.segno.notice.Notice;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;

/** Writes notices. Used by the writer's thread alone. */
final class NoticeTable {

    static final String COLUMNS = "notice_id, notice_key, about, channel, template, status, attempts, recipient_name,"
            + " recipient_contact, recipient_email, text, provider_id, error, changed_at";

    /** How many of those that are too old go with each that is written: more than come, so that they get fewer. */
    private static final int FORGOTTEN_AT_ONCE = 20;

    private final BoundStatement record;
    private final BoundStatement forget;
    private final BoundStatement find;

    NoticeTable(Connection connection) throws SQLException {
        record = new BoundStatement(connection, """
            INSERT INTO notice
              (notice_key, about, channel, template, status, attempts, recipient_name, recipient_contact,
               recipient_email, text, provider_id, error, changed_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (notice_key) DO UPDATE SET
              status = excluded.status, attempts = max(attempts, excluded.attempts), text = excluded.text,
              provider_id = excluded.provider_id, error = excluded.error, changed_at = excluded.changed_at
            WHERE status <> 'SENT'
            """);
        forget = new BoundStatement(connection, """
            DELETE FROM notice WHERE notice_id IN
              (SELECT notice_id FROM notice INDEXED BY notice_age WHERE changed_at < ? ORDER BY changed_at LIMIT %d)
            """.formatted(FORGOTTEN_AT_ONCE));
        find = new BoundStatement(connection, "SELECT " + COLUMNS + " FROM notice WHERE notice_key = ?");
    }

    Notice record(Notice notice, Instant since) throws SQLException {
        forget.begin().number(Times.micros(since)).update();
        record.begin()
                .text(notice.key())
                .text(notice.about())
                .text(notice.channel())
                .text(notice.template())
                .text(notice.status().name())
                .number((long) notice.attempts())
                .text(notice.recipient().name())
                .text(notice.recipient().contact())
                .text(notice.recipient().email())
                .text(notice.text())
                .text(notice.providerId())
                .text(notice.error())
                .number(Times.micros(notice.changedAt()))
                .update();
        try (ResultSet result = find.begin().text(notice.key()).query()) {
            Row row = new Row(result);
            if (!row.next()) {
                throw new SQLException("The notice " + notice.key() + " was written and is not there");
            }
            return read(row);
        } catch (UnreadableRow e) {
            throw new SQLException("The notice " + notice.key() + " cannot be read", e);
        }
    }

    /** The notice of a row with {@link #COLUMNS}. */
    static Notice read(Row row) throws SQLException, UnreadableRow {
        return new Notice(
                row.number(),
                row.text(),
                row.text(),
                row.text(),
                row.text(),
                UnreadableRow.constant(Notice.Status.class, row.text()),
                (int) row.number(),
                new Notice.Recipient(row.textOrNull(), row.textOrNull(), row.textOrNull()),
                row.textOrNull(),
                row.textOrNull(),
                row.textOrNull(),
                Times.instant(row.number()));
    }
}
