package dev.segno.store;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The connection that writes, with the tables prepared for it. */
final class SqliteWriter implements WriteSession {

    private final Connection connection;
    private final BoundStatement begin;
    private final BoundStatement commit;
    private final BoundStatement rollback;
    private final LogCheckpoints checkpoints;
    private final RunTable runs;
    private final StepTable steps;
    private final SlotTable slots;
    private final WaitTable waits;
    private final Starts starts;
    private final RetryTable retries;
    private final BlobTable blobs;
    private final DefinitionTable definitions;
    private final ScheduleTable schedules;
    private final BatchTable batches;
    private final SeenKeyTable seenKeys;
    private final EndedRunTable endedRuns;
    private final ChainTable chains;
    private final AuditTable audit;
    private final RefusedMessageTable refusedMessages;
    private final ApiKeyTable apiKeys;
    private final RegistryTable registry;
    private final EventTable events;
    private final NoticeTable notices;
    private @Nullable SessionTable sessions;
    private final SealedValueTable sealedValues;

    SqliteWriter(Connection connection, StoreSettings settings) throws SQLException {
        this.connection = connection;
        begin = new BoundStatement(connection, "BEGIN IMMEDIATE");
        commit = new BoundStatement(connection, "COMMIT");
        rollback = new BoundStatement(connection, "ROLLBACK");
        checkpoints = new LogCheckpoints(connection, settings.walPages());
        blobs = new BlobTable(connection);
        runs = new RunTable(connection, blobs);
        steps = new StepTable(connection, blobs);
        slots = new SlotTable(connection, runs);
        waits = new WaitTable(connection, runs, slots, steps);
        chains = new ChainTable(connection, runs, steps, slots, waits);
        starts = new Starts(runs, slots, waits);
        retries = new RetryTable(connection, runs, steps, slots, starts);
        definitions = new DefinitionTable(connection);
        schedules = new ScheduleTable(connection);
        batches = new BatchTable(connection);
        seenKeys = new SeenKeyTable(connection);
        endedRuns = new EndedRunTable(connection);
        audit = new AuditTable(connection);
        refusedMessages = new RefusedMessageTable(connection);
        apiKeys = new ApiKeyTable(connection);
        registry = new RegistryTable(connection);
        events = new EventTable(connection);
        notices = new NoticeTable(connection);
        sealedValues = new SealedValueTable(connection);
        beginByHand();
    }

    /**
     * Tells the driver that transactions are open, and ends the one that it begins. Otherwise it tries to begin one
     * after every statement to find out, and the failure costs as much as the statement.
     */
    private void beginByHand() throws SQLException {
        connection.setAutoCommit(false);
        commit();
    }

    RunTable runs() {
        return runs;
    }

    StepTable steps() {
        return steps;
    }

    SlotTable slots() {
        return slots;
    }

    Starts starts() {
        return starts;
    }

    WaitTable waits() {
        return waits;
    }

    RetryTable retries() {
        return retries;
    }

    BlobTable blobs() {
        return blobs;
    }

    DefinitionTable definitions() {
        return definitions;
    }

    ScheduleTable schedules() {
        return schedules;
    }

    BatchTable batches() {
        return batches;
    }

    SeenKeyTable seenKeys() {
        return seenKeys;
    }

    RefusedMessageTable refusedMessages() {
        return refusedMessages;
    }

    EndedRunTable endedRuns() {
        return endedRuns;
    }

    ChainTable chains() {
        return chains;
    }

    AuditTable audit() {
        return audit;
    }

    ApiKeyTable apiKeys() {
        return apiKeys;
    }

    SealedValueTable sealedValues() {
        return sealedValues;
    }

    RegistryTable registry() {
        return registry;
    }

    NoticeTable notices() {
        return notices;
    }

    EventTable events() {
        return events;
    }

    /** Prepared when it is first asked for: most nodes serve no sessions. */
    SessionTable sessions() throws SQLException {
        SessionTable known = sessions;
        if (known == null) {
            known = new SessionTable(connection);
            sessions = known;
        }
        return known;
    }

    @Override
    public void begin() throws SQLException {
        begin.run();
    }

    @Override
    public void commit() throws SQLException {
        commit.run();
    }

    @Override
    public void rollback() throws SQLException {
        try {
            rollback.run();
        } catch (SQLException e) {
            // A full disk can have ended the transaction already.
            if (!Sqlite.isMisuse(e)) {
                throw e;
            }
        }
    }

    @Override
    public void afterCommit(int writes, long bytes) throws SQLException {
        checkpoints.committed(writes, bytes);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
