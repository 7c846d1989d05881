package dev.segno.run;

import java.io.InputStream;
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

    /** Writes a new run, unless its start key or its singleton is taken. */
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

    /** Whether writes are being accepted at the moment. */
    boolean isWritable();

    @Override
    void close();

    /**
     * A record with its position in the store.
     *
     * @param sequence grows with every record written; unique in a store
     */
    record SequencedRecord(long sequence, StepRecord record) {}
}
