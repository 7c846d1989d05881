package dev.segno.store;

import dev.segno.audit.AuditChain;
import dev.segno.audit.AuditLog;
import dev.segno.event.EventStore;
import dev.segno.keys.ApiKeys;
import dev.segno.notice.NoticeLog;
import dev.segno.registry.RegistryStore;
import dev.segno.run.Attempt;
import dev.segno.run.ChainStore;
import dev.segno.run.DeadLetterStore;
import dev.segno.run.Definition;
import dev.segno.run.LimitStore;
import dev.segno.run.NewRun;
import dev.segno.run.ParentLink;
import dev.segno.run.Run;
import dev.segno.run.RunQuery;
import dev.segno.run.RunState;
import dev.segno.run.RunStore;
import dev.segno.run.SagaStore;
import dev.segno.run.Signal;
import dev.segno.run.SignalOutcome;
import dev.segno.run.StartOutcome;
import dev.segno.run.StateChange;
import dev.segno.run.StepKey;
import dev.segno.run.StepRecord;
import dev.segno.run.StoreUnavailable;
import dev.segno.run.Wait;
import dev.segno.run.WaitOutcome;
import dev.segno.secret.SealedValues;
import dev.segno.shopping.SessionStore;
import dev.segno.trace.TraceStore;
import dev.segno.trigger.BetweenRuns;
import dev.segno.trigger.RefusedMessages;
import dev.segno.trigger.ScheduleStore;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Runs in an embedded SQLite database: {@code segno.db} in a directory that this store has for itself. Times are kept
 * to the microsecond.
 *
 * <p>Safe for use by many threads.
 */
public final class SqliteRunStore implements RunStore {

    /** What a queued write takes besides its bodies, roughly. */
    private static final int WRITE_BYTES = 512;

    private final DataDirectory directory;
    private final Clock clock;
    private final ReadConnections connections;
    private final GroupCommit<SqliteWriter> writer;
    private final RunQueries runs;
    private final JournalQueries journals;
    private final SqliteDeadLetters deadLetters;
    private final LimitStore limits;
    private final SqliteSagas sagas;
    private final SqliteChains chains;
    private final WaitQueries waits;
    private final BlobQueries blobs;
    private final ScheduleStore schedules;
    private final BetweenRuns betweenRuns;
    private final AuditLog auditLog;
    private final RefusedMessages refusedMessages;
    private final ApiKeys apiKeys;
    private final RegistryStore registry;
    private final EventStore events;
    private final NoticeLog notices;
    private final TraceStore traces;
    private final SessionStore sessions;
    private final SealedValues sealedValues;
    private final AtomicBoolean closed = new AtomicBoolean();

    SqliteRunStore(
            DataDirectory directory, Clock clock, ReadConnections connections, GroupCommit<SqliteWriter> writer) {
        this.directory = directory;
        this.clock = clock;
        this.connections = connections;
        this.writer = writer;
        this.blobs = new BlobQueries(connections);
        this.runs = new RunQueries(connections, blobs);
        this.limits = new SqliteLimits(writer, connections);
        this.waits = new WaitQueries(connections);
        this.journals = new JournalQueries(connections);
        this.schedules = new SqliteScheduleStore(writer, connections);
        this.betweenRuns = new BetweenRuns(
                new SqliteBatchStore(writer, connections),
                new SqliteSeenKeys(writer, connections),
                new SqliteEndedRuns(writer, connections, runs));
        this.auditLog = new SqliteAuditLog(writer, connections);
        this.refusedMessages = new SqliteRefusedMessages(writer, connections);
        this.apiKeys = new SqliteApiKeys(writer, connections);
        this.registry = new SqliteRegistry(writer, connections);
        this.events = new SqliteEvents(writer, connections);
        this.notices = new SqliteNotices(writer, connections);
        this.sealedValues = new SqliteSealedValues(writer, connections);
        this.traces = new SqliteTraces(runs, connections);
        this.sessions = new SqliteSessions(writer, connections);
        this.deadLetters = new SqliteDeadLetters(writer, runs, connections);
        this.sagas = new SqliteSagas(runs, connections);
        this.chains = new SqliteChains(writer, connections);
    }

    /** Opens the store in a directory with the default settings. See {@link #open(Path, StoreSettings, Clock)}. */
    public static SqliteRunStore open(Path dataDirectory) {
        return open(dataDirectory, StoreSettings.defaults(), Clock.systemUTC());
    }

    /**
     * Opens the store in a directory, which is created where it is missing.
     *
     * @param clock tells when attributes were saved
     * @throws StoreInUse       when another store works on the directory
     * @throws StoreUnavailable when the directory or its database cannot be used; the message says why, in one line
     */
    public static SqliteRunStore open(Path dataDirectory, StoreSettings settings, Clock clock) {
        DataDirectory directory = DataDirectory.take(dataDirectory);
        try {
            return SqliteOpening.open(directory, settings, clock);
        } catch (RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    @Override
    public CompletableFuture<StartOutcome> start(NewRun run) {
        return writer.submit(new Write<>(
                WRITE_BYTES + StoredBody.bytesToWrite(run.input()),
                true,
                session -> session.starts().start(run)));
    }

    @Override
    public CompletableFuture<Void> record(String runId, StepRecord step) {
        return submit(sizeOf(step), session -> session.steps().insert(runId, step));
    }

    @Override
    public CompletableFuture<Void> recordAttempt(String runId, Attempt attempt) {
        return submit(0, session -> session.steps().insert(runId, attempt));
    }

    @Override
    public CompletableFuture<Boolean> change(StateChange change) {
        long bytes = WRITE_BYTES + StoredBody.bytesToWrite(change.output());
        for (StepRecord step : change.records()) {
            bytes += WRITE_BYTES + sizeOf(step);
        }
        return writer.submit(new Write<>(bytes, false, session -> {
            boolean changed = session.runs().change(change);
            if (changed) {
                if (change.next() != RunState.COMPLETED) {
                    session.waits().forget(change.runId());
                }
                session.steps().insertAll(change.runId(), change.records());
            }
            return changed;
        }));
    }

    @Override
    public CompletableFuture<WaitOutcome> await(String runId, long expectedRevision, Wait wait) {
        return writer.submit(
                new Write<>(WRITE_BYTES, false, session -> session.waits().await(runId, expectedRevision, wait)));
    }

    @Override
    public CompletableFuture<SignalOutcome> signal(Signal signal) {
        return writer.submit(new Write<>(
                WRITE_BYTES + StoredBody.bytesToWrite(signal.body()),
                false,
                session -> session.waits().signal(signal)));
    }

    @Override
    public CompletableFuture<Boolean> timeOut(String runId, StepKey key, Instant now) {
        return writer.submit(
                new Write<>(WRITE_BYTES, false, session -> session.waits().timeOut(runId, key, now)));
    }

    @Override
    public CompletableFuture<List<String>> wake(String endedRunId) {
        Instant now = clock.instant();
        return writer.submit(
                new Write<>(WRITE_BYTES, false, session -> session.waits().wake(endedRunId, now)));
    }

    @Override
    public Optional<Wait> waitOf(String runId) {
        return waits.of(runId);
    }

    @Override
    public List<DueWait> dueWaits(Instant now, int limit) {
        return waits.due(now, limit);
    }

    @Override
    public Optional<Instant> nextDue() {
        return waits.nextDue();
    }

    @Override
    public List<String> endedButAwaited() {
        return waits.endedButAwaited();
    }

    @Override
    public Optional<ParentLink> parentOf(String runId) {
        return waits.parentOf(runId);
    }

    @Override
    public List<String> childrenOf(String runId, ParentLink.Kind kind) {
        return waits.childrenOf(runId, kind);
    }

    @Override
    public List<String> openChildrenOfCancelled() {
        return waits.openChildrenOfCancelled();
    }

    @Override
    public CompletableFuture<Void> saveAttributes(String runId, String attributesJson) {
        Instant at = clock.instant();
        return submit(attributesJson.length(), session -> session.runs().saveAttributes(runId, attributesJson, at));
    }

    @Override
    public CompletableFuture<Void> appendBlob(String blobId, int piece, byte[] bytes) {
        if (bytes.length > BLOB_PIECE_BYTES || piece < 0) {
            return CompletableFuture.failedFuture(new IllegalArgumentException("Piece " + piece + " of " + bytes.length
                    + " bytes: pieces count from 0 and have at most " + BLOB_PIECE_BYTES + " bytes"));
        }
        return submit(bytes.length, session -> session.blobs().append(blobId, piece, bytes));
    }

    @Override
    public CompletableFuture<Void> saveDefinition(Definition definition) {
        return submit(
                definition.source().length(), session -> session.definitions().insert(definition));
    }

    private CompletableFuture<Void> submit(long bytes, Write.Silent<SqliteWriter> operation) {
        return writer.submit(Write.silent(WRITE_BYTES + bytes, operation));
    }

    private static long sizeOf(StepRecord step) {
        return step.outcome() instanceof StepRecord.Completed completed ? StoredBody.bytesToWrite(completed.body()) : 0;
    }

    @Override
    public InputStream openBlob(String blobId) {
        return blobs.open(blobId);
    }

    @Override
    public Optional<Run> find(String runId) {
        return runs.find(runId);
    }

    @Override
    public List<Run> list(RunQuery query) {
        return runs.list(query);
    }

    @Override
    public List<String> resumable() {
        return runs.resumable();
    }

    @Override
    public List<StepRecord> journal(String runId) {
        return journals.records(runId, 0, Integer.MAX_VALUE).stream()
                .map(SequencedRecord::record)
                .toList();
    }

    @Override
    public List<SequencedRecord> journalAfter(String runId, long sequence, int limit) {
        return journals.records(runId, sequence, limit);
    }

    @Override
    public List<Attempt> attempts(String runId) {
        return journals.attempts(runId);
    }

    @Override
    public Optional<Definition> findDefinition(String orchestration, String version) {
        return journals.definition(orchestration, version);
    }

    /** The schedules that are kept in the same database. They end with this store. */
    public ScheduleStore schedules() {
        return schedules;
    }

    /** What stands between runs, in the same database. It ends with this store. */
    public BetweenRuns betweenRuns() {
        return betweenRuns;
    }

    /** Messages that could not start a run, in the same database. They end with this store. */
    public RefusedMessages refusedMessages() {
        return refusedMessages;
    }

    /** The services that were registered. */
    public RegistryStore registry() {
        return registry;
    }

    /** What was published. */
    public EventStore events() {
        return events;
    }

    /** Who was told what. */
    public NoticeLog notices() {
        return notices;
    }

    /** Sessions of the shopping assistant. */
    public SessionStore sessions() {
        return sessions;
    }

    /** What traces are made of. */
    public TraceStore traces() {
        return traces;
    }

    /** The record of what callers have changed, in the same database. It ends with this store. */
    public AuditLog auditLog() {
        return auditLog;
    }

    /**
     * Walks a chain over the audit record in a data directory, on which a node may be at work.
     *
     * @return what is wrong with the record, or empty
     * @throws StoreUnavailable when there is no store, or it is of an older version and no node has upgraded it yet
     */
    public static Optional<String> verifyAudit(Path dataDirectory, AuditChain chain) {
        Path database = dataDirectory.resolve("segno.db");
        if (!Files.exists(database)) {
            throw new StoreUnavailable("There is no store in " + dataDirectory);
        }
        return SqliteAuditLog.verify(database, chain);
    }

    /** Values that no journal may hold, in the same database. They end with this store. */
    public SealedValues sealedValues() {
        return sealedValues;
    }

    /** The keys of callers, in the same database. They end with this store. */
    public ApiKeys apiKeys() {
        return apiKeys;
    }

    @Override
    public LimitStore limits() {
        return limits;
    }

    @Override
    public DeadLetterStore deadLetters() {
        return deadLetters;
    }

    @Override
    public SagaStore sagas() {
        return sagas;
    }

    @Override
    public ChainStore chains() {
        return chains;
    }

    @Override
    public boolean isWritable() {
        return writer.isWritable();
    }

    /** Tells an observer of the commits from now on. */
    public void observe(CommitObserver observer) {
        writer.observe(observer);
    }

    /** Writes that wait for their commit. */
    public int queuedWrites() {
        return writer.queued();
    }

    /** How many runs of each orchestration are in which state, those that have ended left out. */
    public List<OpenRuns> openRuns() {
        return connections.read("The number of open runs", reader -> {
            List<OpenRuns> counts = new ArrayList<>();
            try (ResultSet row = reader.prepare(OpenRuns.COUNT).query()) {
                while (row.next()) {
                    counts.add(OpenRuns.of(row));
                }
            }
            return counts;
        });
    }

    /** Writes what is queued, ends the writer and gives the directory back. Later calls fail or are ignored. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        // The writer closes last: the last connection that can write puts the log into the database and removes it.
        connections.close();
        writer.close();
        directory.close();
    }
}
