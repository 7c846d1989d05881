package dev.segno.trigger;

/** What becomes of a fire while the run of an earlier one is under way. */
public enum OverlapRule {
    /** It is recorded as skipped, with the run that stood in its way. */
    SKIP,
    /** It waits until that run has ended or stands. */
    QUEUE,
    /** It fires all the same. */
    ALLOW
}
