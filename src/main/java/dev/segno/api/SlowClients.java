package dev.segno.api;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Cuts off clients that take too long to send a request, or to think of the next one. While a request is being worked
 * on there is no limit: a run may take its time. One sweep a second looks at all connections, which costs a request two
 * writes instead of two timers. Safe for concurrent use.
 */
final class SlowClients {

    private static final long NEVER = Long.MAX_VALUE;

    private final Map<HttpConnection, Deadline> connections = new ConcurrentHashMap<>();
    private final long readNanos;
    private final long idleNanos;

    SlowClients(Vertx vertx, Duration readTimeout, Duration idleTimeout) {
        this.readNanos = readTimeout.toNanos();
        this.idleNanos = idleTimeout.toNanos();
        long sweepMillis = Math.max(20, Math.min(1000, Math.min(readTimeout.toMillis(), idleTimeout.toMillis()) / 4));
        vertx.setPeriodic(sweepMillis, timer -> sweep());
    }

    /** Takes note of a new connection. Its first request must be there within the read timeout. */
    void connected(HttpConnection connection) {
        connections.put(connection, new Deadline(readNanos));
        connection.closeHandler(closed -> connections.remove(connection));
    }

    /**
     * Takes note of a request whose headers have arrived; its body has the read timeout to follow.
     *
     * @return false when the connection is given up, and nothing more on it is to be looked at
     */
    boolean began(HttpServerRequest request) {
        Deadline deadline = connections.get(request.connection());
        if (deadline == null || deadline.givenUp) {
            return false;
        }
        deadline.set(readNanos);
        request.end().onComplete(read -> {
            if (request.response().ended()) {
                deadline.set(idleNanos);
            } else {
                deadline.lift();
            }
        });
        return true;
    }

    /** Takes note that the request is the last on its connection: whatever follows it is not a request. */
    void giveUp(HttpServerRequest request) {
        Deadline deadline = connections.get(request.connection());
        if (deadline != null) {
            deadline.set(idleNanos);
            deadline.givenUp = true;
        }
    }

    /** Takes note of an answer that is on its way. */
    void answered(HttpServerRequest request) {
        Deadline deadline = connections.get(request.connection());
        if (deadline != null) {
            deadline.set(idleNanos);
        }
    }

    /** Takes note that a connection belongs to a socket from now on, which may stay silent as long as it likes. */
    void upgraded(HttpServerRequest request) {
        Deadline deadline = connections.get(request.connection());
        if (deadline != null) {
            deadline.release();
        }
    }

    /** The number of open connections. */
    int count() {
        return connections.size();
    }

    private void sweep() {
        long now = System.nanoTime();
        connections.forEach((connection, deadline) -> {
            if (deadline.isOver(now)) {
                connections.remove(connection);
                connection.close();
            }
        });
    }

    private static final class Deadline {

        private volatile long nanos;
        private volatile boolean givenUp;
        private volatile boolean released;

        Deadline(long fromNow) {
            set(fromNow);
        }

        void set(long fromNow) {
            nanos = System.nanoTime() + fromNow;
        }

        void lift() {
            nanos = NEVER;
        }

        void release() {
            released = true;
        }

        boolean isOver(long now) {
            long limit = nanos;
            return !released && limit != NEVER && now - limit > 0;
        }
    }
}
