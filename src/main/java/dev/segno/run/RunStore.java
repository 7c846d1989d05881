package dev.segno.run;

import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Where runs, journals and versions are kept.
 *
 * <p>Writes are queued in the order of the calls, committed in groups, and each returned future completes only after
 * its own write is on disk (fsync). A future that fails wrote nothing; it fails with {@link StoreUnavailable} when the
 * store cannot write. Futures complete on a thread of the store, which must not be held up: continue elsewhere. Reads
 * see every write whose future has completed, block the calling thread, and throw {@link StoreUnavailable}. Safe for
 * use by many threads.
 */
public interface RunStore extends AutoCloseable {

    /** Largest piece of a blob, in bytes. */
    int BLOB_PIECE_BYTES = 1024 * 1024;

    /** Bodies above this length, in bytes, go to the blob table. */
    int INLINE_BYTES = 256 * 1024;

    /** Writes a new run, unless its start key or its singleton is taken, or its limits are in the way. */
    CompletableFuture<StartOutcome> start(NewRun run);

    /**
     * Appends the terminal record of a step. Fails with {@link DuplicateRecord} when the key has one; nothing else in
     * the same group is affected.
     */
    CompletableFuture<Void> record(String runId, StepRecord step);

    /** Appends a failed attempt. */
    CompletableFuture<Void> recordAttempt(String runId, Attempt attempt);

    /**
     * Changes a run's state together with what the change carries. Completes with {@code false}, and nothing is
     * written, when the revision is not the expected one, when the run is in a final state, or when another run holds
     * the singleton that the new state would take again.
     */
    CompletableFuture<Boolean> change(StateChange change);

    /**
     * Makes a run wait that is {@link RunState#RUNNING}, unless what it waits for is there already. A signal that came
     * early is taken: its record is written instead.
     *
     * @param expectedRevision revision that the run must have
     */
    CompletableFuture<WaitOutcome> await(String runId, long expectedRevision, Wait wait);

    /**
     * Writes a signal. When the run waits for it, the record of its wait and the state {@link RunState#RUNNING} are
     * written in the same transaction, and the caller has to let the run go on. Where its limits do not allow that, it is
     * {@link RunState#QUEUED}, as it is at the other ends of waits.
     */
    CompletableFuture<SignalOutcome> signal(Signal signal);

    /**
     * Ends a wait whose time is up; the run is {@link RunState#RUNNING} then, and the caller has to let it go on.
     * Completes with {@code false}, and nothing is written, when the run no longer waits there, or the time is not up.
     */
    CompletableFuture<Boolean> timeOut(String runId, StepKey key, Instant now);

    /**
     * Ends the waits for a run that has ended. Completes with the ids of those that waited and are {@link
     * RunState#RUNNING} now; the caller has to let them go on.
     */
    CompletableFuture<List<String>> wake(String endedRunId);

    /** What a run waits for at the moment. */
    Optional<Wait> waitOf(String runId);

    /** Waits whose time is up, those first that were due first. */
    List<DueWait> dueWaits(Instant now, int limit);

    /** When the next wait is due. */
    Optional<Instant> nextDue();

    /** Ids of ended runs that others still wait for: left behind by a crash between the one and the other. */
    List<String> endedButAwaited();

    /** The run that a run came from. */
    Optional<ParentLink> parentOf(String runId);

    /** Ids of the runs that came from a run, oldest first. */
    List<String> childrenOf(String runId, ParentLink.Kind kind);

    /**
     * Ids of open child runs whose parent is cancelled, oldest first: left behind by a crash between the one cancel and the
     * others.
     */
    List<String> openChildrenOfCancelled();

    /** Replaces a run's attributes, unless it is in a final state. */
    CompletableFuture<Void> saveAttributes(String runId, String attributesJson);

    /**
     * Appends a piece to a blob.
     *
     * @param blobId begins with the id of the run that the blob belongs to and is deleted with, and a slash
     * @param piece  index from 0, without gaps
     * @param bytes  at most {@link #BLOB_PIECE_BYTES}
     */
    CompletableFuture<Void> appendBlob(String blobId, int piece, byte[] bytes);

    /** The bytes of a blob, read piece by piece. */
    InputStream openBlob(String blobId);

    Optional<Run> find(String runId);

    /** Runs without their input and output, newest first. */
    List<Run> list(RunQuery query);

    /** Ids of the runs that have to go on by themselves after a restart, oldest first. */
    List<String> resumable();

    /** All records of a run in the order in which they were written. Large bodies are references. */
    List<StepRecord> journal(String runId);

    /** The records of a run after a position, for followers. */
    List<SequencedRecord> journalAfter(String runId, long sequence, int limit);

    /** Failed attempts of a run in the order in which they were written. */
    List<Attempt> attempts(String runId);

    /** Keeps the source of a version; a version that is there already is left alone. */
    CompletableFuture<Void> saveDefinition(Definition definition);

    Optional<Definition> findDefinition(String orchestration, String version);

    /** Which runs are counted together. */
    LimitStore limits();

    /** The parked and blocked runs, and what becomes of them. */
    DeadLetterStore deadLetters();

    /** The runs that have noted how to undo what they do. */
    SagaStore sagas();

    /** The runs that went on as fresh ones. */
    ChainStore chains();

    /** Whether writes are being accepted at the moment. */
    boolean isWritable();

    @Override
    void close();

    /** A wait that is due. */
    record DueWait(String runId, StepKey key) {}

    /**
     * A record with its position in the store.
     *
     * @param sequence grows with every record written; unique in a store
     */
    record SequencedRecord(long sequence, StepRecord record) {}
}
