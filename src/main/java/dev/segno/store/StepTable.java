package dev.segno.store;

import dev.segno.run.Attempt;
import dev.segno.run.DuplicateRecord;
import dev.segno.run.Payload;
import dev.segno.run.RunStore;
import dev.segno.run.StepError;
import dev.segno.run.StepRecord;
import dev.segno.run.StepRecord.Completed;
import dev.segno.run.StepRecord.HandledFailure;
import dev.segno.run.StepRecord.Registered;
import dev.segno.run.StepRecord.Signalled;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Writes journals: terminal records and failed attempts. Used by the writer's thread alone. */
final class StepTable {

    static final String SIGNALLED = "signalled";
    static final String TIMED_OUT = "timed-out";

    private final BlobTable blobs;
    private final BoundStatement insertCompleted;
    private final BoundStatement insertReferring;
    private final BoundStatement insertHandled;
    private final BoundStatement insertAwait;
    private final BoundStatement insertRegistered;
    private final BoundStatement insertAttempt;

    StepTable(Connection connection, BlobTable blobs) throws SQLException {
        this.blobs = blobs;
        // Each parameter costs a call into SQLite, and this is the statement that runs most often.
        insertCompleted = new BoundStatement(connection, """
                INSERT INTO step (run_id, key, outcome, attempt, started_at, ended_at,
                                  body_kind, changes, row_check, body)
                VALUES (?, ?, 'completed', ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT DO NOTHING
                """);
        insertReferring = new BoundStatement(connection, """
                INSERT INTO step (run_id, key, outcome, attempt, started_at, ended_at,
                                  body_kind, changes, row_check, body_length, body_blob)
                VALUES (?, ?, 'completed', ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT DO NOTHING
                """);
        insertHandled = new BoundStatement(connection, """
                INSERT INTO step (run_id, key, outcome, attempt, started_at, ended_at,
                                  error_type, error_message, error_step, clause, retry, row_check)
                VALUES (?, ?, 'handled', ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT DO NOTHING
                """);
        insertAwait = new BoundStatement(connection, """
                INSERT INTO step (run_id, key, kind, outcome, attempt, started_at, ended_at, body_kind, row_check, body)
                VALUES (?, ?, 'await', ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT DO NOTHING
                """);
        insertRegistered = new BoundStatement(connection, """
                INSERT INTO step (run_id, key, kind, outcome, attempt, started_at, ended_at, changes, row_check)
                VALUES (?, ?, 'saga', 'registered', ?, ?, ?, ?, ?)
                ON CONFLICT DO NOTHING
                """);
        insertAttempt = new BoundStatement(connection, """
                INSERT INTO attempt (run_id, key, number, retry, started_at, ended_at,
                                     error_type, error_message, error_step, row_check)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """);
    }

    static Checksum checksum(String runId, String key, long attempt, long startedAt, long endedAt) {
        return new Checksum()
                .text(runId)
                .text(key)
                .number(attempt)
                .number(startedAt)
                .number(endedAt);
    }

    static void addError(Checksum checksum, StepError error) {
        checksum.text(error.type()).text(error.message()).text(error.step());
    }

    /** @throws DuplicateRecord when the key has a record; nothing was written then */
    void insert(String runId, StepRecord step) throws SQLException, Write.Undo {
        if (step.outcome() instanceof Completed completed) {
            insertCompleted(runId, step, completed);
        } else if (step.outcome() instanceof HandledFailure handled) {
            insertHandled(runId, step, handled);
        } else if (step.outcome() instanceof Registered registered) {
            insertRegistered(runId, step, registered);
        } else {
            insertAwait(runId, step);
        }
    }

    /** Writes records of which all or none may stay. */
    void insertAll(String runId, List<StepRecord> records) throws SQLException, Write.Undo {
        try {
            for (StepRecord step : records) {
                insert(runId, step);
            }
        } catch (DuplicateRecord e) {
            throw new Write.Undo(e);
        }
    }

    private void insertCompleted(String runId, StepRecord step, Completed completed) throws SQLException, Write.Undo {
        String key = step.key().path();
        long startedAt = Times.micros(step.startedAt());
        long endedAt = Times.micros(step.endedAt());
        StoredBody body = StoredBody.of(completed.body(), RunStore.INLINE_BYTES, runId + "/step/" + key);
        Checksum checksum = checksum(runId, key, step.attempt(), startedAt, endedAt);
        body.addTo(checksum);
        checksum.text(completed.changes()).bytes(body.bytes());
        boolean inline = body.blobId() == null;
        BoundStatement insert = (inline ? insertCompleted : insertReferring)
                .begin()
                .text(runId)
                .text(key)
                .number(step.attempt())
                .number(startedAt)
                .number(endedAt)
                .text(body.kind())
                .text(completed.changes())
                .number(checksum.value());
        int inserted = inline
                ? insert.bytes(body.bytes()).update()
                : insert.number(body.length()).text(body.blobId()).update();
        requireInserted(inserted, runId, step);
        blobs.appendOverflow(body);
    }

    private void insertRegistered(String runId, StepRecord step, Registered registered) throws SQLException {
        String key = step.key().path();
        long startedAt = Times.micros(step.startedAt());
        long endedAt = Times.micros(step.endedAt());
        Checksum checksum = checksum(runId, key, step.attempt(), startedAt, endedAt);
        checksum.text(registered.options());
        int inserted = insertRegistered
                .begin()
                .text(runId)
                .text(key)
                .number(step.attempt())
                .number(startedAt)
                .number(endedAt)
                .text(registered.options())
                .number(checksum.value())
                .update();
        requireInserted(inserted, runId, step);
    }

    private void insertAwait(String runId, StepRecord step) throws SQLException {
        String key = step.key().path();
        long startedAt = Times.micros(step.startedAt());
        long endedAt = Times.micros(step.endedAt());
        Payload signal = step.outcome() instanceof Signalled received ? received.body() : Payload.NONE;
        StoredBody body = StoredBody.of(signal, RunStore.INLINE_BYTES, runId + "/step/" + key);
        Checksum checksum = checksum(runId, key, step.attempt(), startedAt, endedAt);
        body.addTo(checksum);
        checksum.bytes(body.bytes());
        int inserted = insertAwait
                .begin()
                .text(runId)
                .text(key)
                .text(step.outcome() instanceof Signalled ? SIGNALLED : TIMED_OUT)
                .number(step.attempt())
                .number(startedAt)
                .number(endedAt)
                .text(body.kind())
                .number(checksum.value())
                .bytes(body.bytes())
                .update();
        requireInserted(inserted, runId, step);
    }

    private void insertHandled(String runId, StepRecord step, HandledFailure failure) throws SQLException {
        String key = step.key().path();
        long startedAt = Times.micros(step.startedAt());
        long endedAt = Times.micros(step.endedAt());
        Checksum checksum = checksum(runId, key, step.attempt(), startedAt, endedAt);
        addError(checksum, failure.error());
        checksum.text(failure.clause()).number(failure.retry());
        int inserted = insertHandled
                .begin()
                .text(runId)
                .text(key)
                .number(step.attempt())
                .number(startedAt)
                .number(endedAt)
                .text(failure.error().type())
                .text(failure.error().message())
                .text(failure.error().step())
                .text(failure.clause())
                .number(failure.retry())
                .number(checksum.value())
                .update();
        requireInserted(inserted, runId, step);
    }

    private static void requireInserted(int inserted, String runId, StepRecord step) {
        if (inserted == 0) {
            throw new DuplicateRecord(runId, step.key());
        }
    }

    void insert(String runId, Attempt attempt) throws SQLException {
        String key = attempt.key().path();
        long startedAt = Times.micros(attempt.startedAt());
        long endedAt = Times.micros(attempt.endedAt());
        Checksum checksum = checksum(runId, key, attempt.number(), startedAt, endedAt);
        checksum.number(attempt.retry());
        addError(checksum, attempt.error());
        insertAttempt
                .begin()
                .text(runId)
                .text(key)
                .number(attempt.number())
                .number(attempt.retry())
                .number(startedAt)
                .number(endedAt)
                .text(attempt.error().type())
                .text(attempt.error().message())
                .text(attempt.error().step())
                .number(checksum.value())
                .update();
    }
}
