package dev.segno.crash;

/**
 * One call that the effect server received.
 *
 * @param run the run that made it, from its idempotency key
 * @param key the rest of its idempotency key: a step's key, or that of a call inside a step
 * @param path what was called
 * @param body hash of what was sent
 * @param token number of the answer, given out once; 0 if the answer was none or a failure
 * @param atNanos when it came, by {@link System#nanoTime}
 */
record Effect(String run, String key, String path, int body, long token, long atNanos) {

    /** Whether this call belongs to a step, or to a step inside it. */
    boolean isOf(String stepKey) {
        return key.equals(stepKey) || key.startsWith(stepKey + "/");
    }
}
