package dev.segno.store;

import dev.segno.run.Run;
import dev.segno.run.StoreUnavailable;
import dev.segno.trigger.EndedRuns;
import java.sql.ResultSet;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Ended runs in the database of the runs. Safe for use by many threads. */
final class SqliteEndedRuns implements EndedRuns {

    /** What a queued write takes, roughly. */
    private static final int ROW_BYTES = 256;

    private static final String READER =
            "SELECT name, position, last_day, note, row_check FROM ended_reader WHERE name = ?";

    private static final String AFTER =
            "SELECT position, run_id FROM ended_run WHERE position > ? ORDER BY position LIMIT ?";

    private final GroupCommit<SqliteWriter> writer;
    private final ReadConnections connections;
    private final RunQueries runs;
    private final Quarantine quarantine = new Quarantine();

    SqliteEndedRuns(GroupCommit<SqliteWriter> writer, ReadConnections connections, RunQueries runs) {
        this.writer = writer;
        this.connections = connections;
        this.runs = runs;
    }

    @Override
    public CompletableFuture<Reader> reader(String name, LocalDate today, Instant now) {
        Optional<Reader> known = find(name);
        if (known.isPresent()) {
            return CompletableFuture.completedFuture(known.get());
        }
        return writer.submit(new Write<>(ROW_BYTES, false, session -> {
            Reader first = new Reader(name, session.endedRuns().last(), today.minusDays(1));
            session.endedRuns().add(first, now);
            return first;
        }));
    }

    private Optional<Reader> find(String name) {
        return connections.read("How far '" + name + "' has come", reader -> {
            try (ResultSet result = reader.prepare(READER).text(name).query()) {
                Row row = new Row(result);
                if (!row.next()) {
                    return Optional.empty();
                }
                Reader found =
                        new Reader(row.text(), row.number(), LocalDate.ofEpochDay(row.number()), row.textOrNull());
                UnreadableRow.requireChecksum(row.number(), EndedRunTable.checksum(found), "the reader");
                return Optional.of(found);
            }
        });
    }

    @Override
    public CompletableFuture<Void> save(Reader reader, Instant now) {
        return writer.submit(
                Write.silent(ROW_BYTES, session -> session.endedRuns().save(reader, now)));
    }

    @Override
    public List<Ended> after(long position, int limit) {
        record Place(long position, String runId) {}
        List<Place> places = connections.read("The runs that have ended", reader -> {
            List<Place> found = new ArrayList<>();
            try (ResultSet result =
                    reader.prepare(AFTER).number(position).number(limit).query()) {
                while (result.next()) {
                    found.add(new Place(result.getLong(1), result.getString(2)));
                }
            }
            return found;
        });
        return places.stream()
                .map(place -> new Ended(place.position(), run(place.runId())))
                .toList();
    }

    private @Nullable Run run(String id) {
        try {
            return runs.find(id).orElse(null);
        } catch (StoreUnavailable e) {
            if (e.getCause() instanceof UnreadableRow unreadable) {
                quarantine.report("Run " + id, unreadable);
                return null;
            }
            throw e;
        }
    }
}
