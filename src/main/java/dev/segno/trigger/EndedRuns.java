package dev.segno.trigger;

import dev.segno.run.Run;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Runs that have ended, in the order in which their ends were written, for readers who are told of each. The rules for
 * futures, reads and threads are those of {@link dev.segno.run.RunStore}.
 */
public interface EndedRuns {

    /**
     * How far a reader has come.
     *
     * @param name     of the reader
     * @param position of the last run that it was told of; 0 before the first
     * @param lastDay  the last day that it was told is over
     * @param note     what it has made of the runs up to there, as a text of its own; {@code null} for nothing. It is kept
     *                 with the position, so that what is counted in it counts each run once, whatever happens
     */
    record Reader(
            String name,
            long position,
            LocalDate lastDay,
            @Nullable String note) {

        /** One that notes nothing. */
        public Reader(String name, long position, LocalDate lastDay) {
            this(name, position, lastDay, null);
        }
    }

    /**
     * A run at its place.
     *
     * @param position grows with each end
     * @param run      without its input and output; {@code null} when it is no longer there or cannot be read
     */
    record Ended(long position, @Nullable Run run) {}

    /** A reader by its name. A new one is told of what ends from now on, and counts this day's end as the first. */
    CompletableFuture<Reader> reader(String name, LocalDate today, Instant now);

    /** Keeps how far a reader has come. */
    CompletableFuture<Void> save(Reader reader, Instant now);

    /** The runs behind a position, in their order. */
    List<Ended> after(long position, int limit);
}
