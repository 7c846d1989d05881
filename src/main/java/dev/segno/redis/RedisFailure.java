package dev.segno.redis;

/** Redis cannot be reached, does not answer in time, or refuses a command. */
public final class RedisFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final String NO_GROUP = "NOGROUP";

    RedisFailure(String message, Throwable cause) {
        super(message, cause);
    }

    /** Whether the stream or its consumer group is not there. */
    boolean isNoGroup() {
        return String.valueOf(getMessage()).contains(NO_GROUP);
    }
}
