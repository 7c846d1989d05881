package dev.segno.redis;

/** Something of Redis is asked for, and no server is set. */
public final class RedisOff extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /** @param what is asked for, as in {@code redis-publish:events} */
    public RedisOff(String what) {
        super(what + " needs Redis, which is off: set REDIS_HOST (and REDIS_PORT), or SEGNO_REDIS_URL");
    }
}
