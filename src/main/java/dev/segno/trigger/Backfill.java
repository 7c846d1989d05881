package dev.segno.trigger;

/**
 * What a backfill came to.
 *
 * @param firing  fires that were lined up
 * @param already fires of that time which have started a run before, or are yet to fire
 */
public record Backfill(int firing, int already) {

    /** Most fires of one backfill. */
    public static final int MOST = 1_000;
}
