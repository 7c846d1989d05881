package dev.segno.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/**
 * One fork being made. It keeps the records that were made before the one of its first step, without those inside that
 * step. Where the step has no record yet, all others count as made before it. What ran beside it in a parallel branch and
 * was recorded later is done again.
 *
 * <p>A fork counts as one manual retry more than its origin: what its handlers do must not be taken for what those of the
 * origin did, and the keys of edited calls carry a number that the origin never had.
 */
final class Forking {

    private static final int MOST_NAMED = 20;

    private final Engine engine;
    private final RunStore store;
    private final Run origin;
    private final Orchestration orchestration;
    private final ForkRequest request;
    private final String id;
    private final List<StepRecord> kept = new ArrayList<>();
    private final List<Edit> edits;

    /**
     * @throws UnknownStep if the origin has not come to the step
     * @throws RunConflict if an await is to be edited
     */
    Forking(Engine engine, Run origin, Orchestration orchestration, ForkRequest request) {
        this.engine = engine;
        this.store = engine.store();
        this.origin = origin;
        this.orchestration = orchestration;
        this.request = request;
        this.id = engine.newRunId();
        keep(store.journal(origin.id()));
        edits = new ArrayList<>(new Edits(store.deadLetters().edits(origin.id())).before(request.from(), kept));
        EditedInput input = request.edit();
        if (input != null) {
            edits.add(input.of(request.from(), origin.retries() + 1, engine.now()));
        }
    }

    private void keep(List<StepRecord> journal) {
        StepKey from = request.from();
        for (StepRecord record : journal) {
            if (record.key().equals(from)) {
                if (record.kind() == StepRecord.Kind.AWAIT && request.edit() != null) {
                    throw new RunConflict("'" + from + "' is an await; it has no input to edit. Fork without input and"
                            + " send the signal again, or fork from the step behind it");
                }
                return;
            }
            if (!record.key().isWithin(from.path())) {
                kept.add(record);
            }
        }
        requireEntered(journal);
    }

    private void requireEntered(List<StepRecord> journal) {
        TreeSet<StepKey> open = new TreeSet<>();
        StepError error = origin.error();
        if (error != null && error.step() != null) {
            open.add(new StepKey(error.step()));
        }
        store.attempts(origin.id()).forEach(attempt -> open.add(attempt.key()));
        store.waitOf(origin.id()).ifPresent(wait -> open.add(wait.key()));
        engine.live(origin.id()).ifPresent(execution -> execution.liveSteps().forEach(step -> open.add(step.key())));
        if (!open.contains(request.from())) {
            journal.forEach(record -> open.add(record.key()));
            throw new UnknownStep("Run " + origin.id() + " has not come to a step '" + request.from()
                    + "'. It can be forked from "
                    + open.stream().limit(MOST_NAMED).toList()
                    + (open.size() > MOST_NAMED ? " and " + (open.size() - MOST_NAMED) + " more" : ""));
        }
    }

    /** Replays what the fork would begin with. */
    CompletableFuture<Rehearsal> rehearse() {
        return Execution.rehearse(
                engine, origin.retriedOn(orchestration.version()), orchestration, kept, new Edits(edits));
    }

    /** Completes with the id of the new run when it is on disk. */
    CompletableFuture<String> start() {
        List<StepRecord> records = new ArrayList<>(kept.size());
        for (StepRecord record : kept) {
            records.add(
                    record.outcome() instanceof StepRecord.Completed completed
                                    && completed.body() instanceof Payload.Stored stored
                            ? new StepRecord(
                                    record.key(),
                                    record.attempt(),
                                    record.startedAt(),
                                    record.endedAt(),
                                    new StepRecord.Completed(copy(stored, "step/" + record.key()), completed.changes()))
                            : record);
        }
        Payload input = origin.input() instanceof Payload.Stored stored ? copy(stored, "origin") : origin.input();
        NewRun run = new NewRun(
                id,
                origin.orchestration(),
                orchestration.version(),
                RunState.RUNNING,
                input,
                origin.headers(),
                null,
                null,
                orchestration.options().singleton() ? orchestration.name() : null,
                engine.now(),
                new ParentLink(origin.id(), request.from(), ParentLink.Kind.FORK),
                Slot.of(orchestration, origin.input(), origin.headers()));
        return store.deadLetters()
                .fork(new Fork(run, origin.retries() + 1, records, edits))
                .thenApply(outcome -> {
                    if (!outcome.runId().equals(id)) {
                        throw new RunConflict("Run " + outcome.runId() + " of '" + origin.orchestration()
                                + "' is under way, and no more may be; fork when it has ended");
                    }
                    engine.goOn(id);
                    engine.changed(origin.id());
                    return id;
                });
    }

    /**
     * A body of the origin as one of the fork: it goes when its run goes, and the fork may outlive its origin. Written
     * ahead of the run, piece by piece, so that other runs are not held up by one large transaction.
     */
    private Payload copy(Payload.Stored body, String name) {
        String blobId = id + "/" + name;
        try (InputStream in = store.openBlob(body.blobId())) {
            byte[] piece = new byte[RunStore.BLOB_PIECE_BYTES];
            int filled = in.readNBytes(piece, 0, piece.length);
            for (int index = 0; filled > 0; index++) {
                store.appendBlob(blobId, index, Arrays.copyOf(piece, filled)).join();
                filled = in.readNBytes(piece, 0, piece.length);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("A recorded body cannot be read", e);
        }
        return new Payload.Stored(body.kind(), blobId, body.length());
    }
}
