package dev.segno.audit;

import dev.segno.audit.AuditEntry.Result;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Writes the record as acts go on. Each method but {@link #note} returns when its entry is on disk, and fails when it cannot be.
 * Thread-safe.
 */
public final class Audit {

    private static final int MAX_REASON = 1000;

    private final AuditLog log;
    private final Clock clock;

    public Audit(AuditLog log, Clock clock) {
        this.log = log;
        this.clock = clock;
    }

    /** What is about to be changed; to be called before anything is. */
    public void begun(Act act, @Nullable String before, @Nullable String after) {
        add(act, Result.BEGUN, before, after, null);
    }

    /** What has been changed. */
    public void done(Act act, @Nullable String before, @Nullable String after) {
        add(act, Result.DONE, before, after, null);
    }

    /** What was not let happen. */
    public void refused(Act act, String reason) {
        add(act, Result.REFUSED, null, null, reason);
    }

    /** As {@link #refused}, for callers that must not block: returns at once, and the future ends when the entry is on disk. */
    public CompletableFuture<Void> refusing(Act act, String reason) {
        return append(act, Result.REFUSED, null, null, reason);
    }

    /** What went wrong. */
    public void failed(Act act, String reason) {
        add(act, Result.FAILED, null, null, reason);
    }

    /** What became of an act that goes on without waiting for its entry; the future fails when it cannot be kept. */
    public CompletableFuture<Void> note(Act act, Result result, @Nullable String reason) {
        return log.append(new AuditEntry(0, clock.instant(), act, result, null, null, reason, null));
    }

    private void add(Act act, Result result, @Nullable String before, @Nullable String after, @Nullable String reason) {
        append(act, result, before, after, reason).join();
    }

    private CompletableFuture<Void> append(
            Act act, Result result, @Nullable String before, @Nullable String after, @Nullable String reason) {
        String kept = reason != null && reason.length() > MAX_REASON ? reason.substring(0, MAX_REASON) : reason;
        return log.append(new AuditEntry(0, clock.instant(), act, result, before, after, kept, null));
    }
}
