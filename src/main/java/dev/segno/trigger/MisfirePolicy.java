package dev.segno.trigger;

/** What becomes of fires whose time went by while nobody could fire them: the program was down, or the clock jumped. */
public enum MisfirePolicy {
    /** The latest of them fires now; the others are recorded as missed. */
    FIRE_ONCE,
    /** All are recorded as missed. */
    SKIP,
    /** All fire now, one after another, each when the run before has ended. */
    CATCH_UP
}
