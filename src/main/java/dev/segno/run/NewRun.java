package dev.segno.run;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is written when a run starts. Components as in {@link Run}; its revision begins at 0, and
 * its state is decided by its slot, if it has one.
 */
public record NewRun(
        String id,
        String orchestration,
        String version,
        RunState state,
        Payload input,
        @Nullable String headers,
        @Nullable String startKey,
        @Nullable String inputHash,
        @Nullable String singletonKey,
        Instant createdAt,
        @Nullable ParentLink parent,
        @Nullable Slot slot) {

    /** A run that came from no other and is not counted. */
    public NewRun(
            String id,
            String orchestration,
            String version,
            RunState state,
            Payload input,
            @Nullable String headers,
            @Nullable String startKey,
            @Nullable String inputHash,
            @Nullable String singletonKey,
            Instant createdAt) {
        this(
                id,
                orchestration,
                version,
                state,
                input,
                headers,
                startKey,
                inputHash,
                singletonKey,
                createdAt,
                null,
                null);
    }
}
