package dev.segno.redis;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.ProtocolVersion;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Redis server that the settings name, if they name one. Nothing is opened before it is needed; a server that is down delays
 * nobody's start, and connections come back with it. Thread-safe.
 */
public final class Redis implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Redis.class);

    /** How long an answer may take. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final int CONNECTIONS = 8;
    private static final int WAITING = 10_000;
    private static final int CONNECT_MILLIS = 5_000;
    private static final long LOOK_MILLIS = 5_000;

    private final Supplier<Vertx> vertx;
    private final @Nullable RedisAddress address;
    private io.vertx.redis.client.@Nullable Redis client;
    private long looking = -1;
    private volatile @Nullable Boolean up;
    private volatile boolean closed;

    private Redis(Supplier<Vertx> vertx, @Nullable RedisAddress address) {
        this.vertx = vertx;
        this.address = address;
    }

    /**
     * The server of {@code SEGNO_REDIS_URL} or {@code REDIS_HOST}; one that is off where neither is set.
     *
     * @param vertx    whose event loops the connections share
     * @param settings value of a setting by its name
     * @throws IllegalArgumentException when a setting is not valid; its message is one line
     */
    public static Redis from(Vertx vertx, Function<String, Optional<String>> settings) {
        return new Redis(() -> vertx, RedisAddress.from(settings).orElse(null));
    }

    /** No server. */
    public static Redis off() {
        return new Redis(
                () -> {
                    throw new IllegalStateException("There is no server");
                },
                null);
    }

    /** Whether a server is set. It may be down. */
    public boolean isConfigured() {
        return address != null;
    }

    /** The server's address without credentials; empty when none is set. */
    public Optional<String> server() {
        return Optional.ofNullable(address).map(RedisAddress::shown);
    }

    /**
     * Whether the server answered when it was last looked at, which is every five seconds from the first question on; the
     * first one asks it. Blocks for at most five seconds, and only then. False when none is set.
     */
    public boolean isUp() {
        if (!isConfigured() || closed) {
            return false;
        }
        Boolean known = up;
        if (known == null) {
            look();
            known = ping();
            up = known;
        }
        return known;
    }

    private synchronized void look() {
        if (looking < 0 && !closed) {
            looking = vertx.get()
                    .setPeriodic(
                            LOOK_MILLIS,
                            timer -> send(Request.cmd(Command.PING)).onComplete(answer -> up = answer.succeeded()));
        }
    }

    private boolean ping() {
        try {
            send(Request.cmd(Command.PING))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
            LOG.debug("Redis at {} does not answer", address, e);
            return false;
        }
    }

    /**
     * Sends a text to all who listen on a channel now; nobody else will see it.
     *
     * @return completes with how many those were; fails with {@link RedisOff} or {@link RedisFailure}
     */
    public CompletableFuture<Integer> publish(String channel, String text) {
        return ask(
                        "PUBLISH " + channel,
                        Request.cmd(Command.PUBLISH).arg(channel).arg(text))
                .thenApply(Response::toInteger);
    }

    /**
     * Appends an entry to a stream.
     *
     * @return completes with the entry's id; fails with {@link RedisOff} or {@link RedisFailure}
     */
    public CompletableFuture<String> append(String stream, Map<String, String> fields) {
        Request request = Request.cmd(Command.XADD).arg(stream).arg("*");
        fields.forEach((name, value) -> request.arg(name).arg(value));
        return ask("XADD " + stream, request).thenApply(Response::toString);
    }

    private CompletableFuture<Response> ask(String what, Request request) {
        if (!isConfigured()) {
            return CompletableFuture.failedFuture(new RedisOff(what));
        }
        CompletableFuture<Response> answer = new CompletableFuture<>();
        send(request).onComplete(response -> {
            if (response.succeeded()) {
                answer.complete(response.result());
            } else {
                answer.completeExceptionally(failure(what, response.cause()));
            }
        });
        return answer.orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).exceptionallyCompose(error -> {
            Throwable cause = error instanceof java.util.concurrent.CompletionException && error.getCause() != null
                    ? error.getCause()
                    : error;
            return CompletableFuture.failedFuture(cause instanceof RedisFailure ? cause : failure(what, cause));
        });
    }

    RedisFailure failure(String what, Throwable cause) {
        String why = cause instanceof java.util.concurrent.TimeoutException
                ? "no answer within " + PATIENCE.toSeconds() + " s"
                : String.valueOf(cause.getMessage());
        return new RedisFailure("Redis at " + address + ": " + what + " failed: " + why, cause);
    }

    private Future<Response> send(Request request) {
        try {
            return client().send(request);
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    /** A client for one user, who closes it. */
    io.vertx.redis.client.Redis newClient(int connections) {
        RedisAddress server = address;
        if (closed || server == null) {
            throw new IllegalStateException(server == null ? "There is no server" : "This node is shutting down");
        }
        NetClientOptions net = new NetClientOptions()
                .setConnectTimeout(CONNECT_MILLIS)
                .setTcpKeepAlive(true)
                .setTcpNoDelay(true);
        if (server.isEncrypted()) {
            net.setSsl(true).setHostnameVerificationAlgorithm("HTTPS");
        }
        return io.vertx.redis.client.Redis.createClient(
                vertx.get(),
                new RedisOptions()
                        .setConnectionString(server.url())
                        .setNetClientOptions(net)
                        // Answers have the same form from every version of the server.
                        .setPreferredProtocolVersion(ProtocolVersion.RESP2)
                        .setMaxPoolSize(connections)
                        .setMaxPoolWaiting(WAITING)
                        .setMaxWaitingHandlers(WAITING));
    }

    /** Does something later, on an event loop. */
    void after(Duration delay, Runnable task) {
        if (!closed) {
            vertx.get().setTimer(delay.toMillis(), timer -> task.run());
        }
    }

    private synchronized io.vertx.redis.client.Redis client() {
        io.vertx.redis.client.Redis known = client;
        if (known == null) {
            known = newClient(CONNECTIONS);
            client = known;
        }
        return known;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (looking >= 0) {
            vertx.get().cancelTimer(looking);
        }
        if (client != null) {
            client.close();
            client = null;
        }
    }
}
