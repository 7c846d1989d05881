package dev.segno.run;

import java.time.Instant;

/** A run was to be over by now: it begins no further step. */
public final class DeadlineExceeded extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DeadlineExceeded(Instant deadline) {
        super("The run was to be over by " + deadline);
    }
}
