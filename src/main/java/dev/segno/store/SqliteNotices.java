package dev.segno.store;

import dev.segno.notice.Notice;
import dev.segno.notice.NoticeLog;
import java.sql.ResultSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Notices in the database of the runs, written by the same thread. Safe for use by many threads. */
final class SqliteNotices implements NoticeLog {

    /** What a queued notice takes, roughly, besides its text. */
    private static final int ROW_BYTES = 1024;

    private static final String NEWEST = "SELECT " + NoticeTable.COLUMNS
            + " FROM notice WHERE (?1 IS NULL OR about = ?1) ORDER BY notice_id DESC LIMIT ?2";

    private final GroupCommit<SqliteWriter> writer;
    private final ReadConnections connections;
    private final Quarantine quarantine = new Quarantine();

    SqliteNotices(GroupCommit<SqliteWriter> writer, ReadConnections connections) {
        this.writer = writer;
        this.connections = connections;
    }

    @Override
    public CompletableFuture<Notice> record(Notice notice, Instant since) {
        int text = notice.text() == null ? 0 : notice.text().length();
        return writer.submit(new Write<>(
                ROW_BYTES + text, false, session -> session.notices().record(notice, since)));
    }

    @Override
    public List<Notice> newest(Optional<String> about, int limit) {
        return connections.read("The log of notices", reader -> {
            List<Notice> notices = new ArrayList<>();
            try (ResultSet result = reader.prepare(NEWEST)
                    .text(about.orElse(null))
                    .number((long) limit)
                    .query()) {
                Row row = new Row(result);
                while (row.next()) {
                    try {
                        notices.add(NoticeTable.read(row));
                    } catch (UnreadableRow e) {
                        quarantine.report("Notice " + result.getLong(1), e);
                    }
                }
            }
            return notices;
        });
    }
}
