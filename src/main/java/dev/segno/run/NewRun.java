package dev.segno.run;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What is written when a run starts. Components as in {@link Run}; its revision begins at 0. */
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
        @Nullable ParentLink parent) {

    /** A run that came from no other. */
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
        this(id, orchestration, version, state, input, headers, startKey, inputHash, singletonKey, createdAt, null);
    }
}
