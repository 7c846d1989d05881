package dev.segno.redis;

import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens on a channel until it is closed, and again after Redis was away; what is published meanwhile is not heard. Thread-safe.
 * Its messages come on one thread, one by one.
 */
public final class Subscription implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Subscription.class);

    private static final Duration REST = Duration.ofSeconds(1);

    private final Redis redis;
    private final String channel;
    private final BiConsumer<String, String> listener;
    private final ExecutorService thread;
    private io.vertx.redis.client.@Nullable Redis client;
    private boolean toldOfAbsence;
    private boolean closed;

    private Subscription(Redis redis, String channel, BiConsumer<String, String> listener) {
        this.redis = redis;
        this.channel = channel;
        this.listener = listener;
        this.thread = Executors.newSingleThreadExecutor(task -> {
            Thread made = new Thread(task, "segno-channel-" + channel);
            made.setDaemon(true);
            return made;
        });
    }

    /**
     * Begins to listen; without Redis nothing comes, and the log says so.
     *
     * @param channel  a name, or a pattern with {@code *}
     * @param listener gets the channel and the text of each message
     */
    public static Subscription begin(Redis redis, String channel, BiConsumer<String, String> listener) {
        Subscription subscription = new Subscription(redis, channel, listener);
        if (redis.isConfigured()) {
            subscription.listen();
        } else {
            LOG.warn("{}", new RedisOff("Channel " + channel).getMessage());
        }
        return subscription;
    }

    private synchronized void listen() {
        if (closed) {
            return;
        }
        io.vertx.redis.client.Redis fresh = redis.newClient(1);
        client = fresh;
        fresh.connect()
                .compose(connection -> subscribe(fresh, connection))
                .onSuccess(done -> listening())
                .onFailure(error -> away(fresh, error));
    }

    private io.vertx.core.Future<Response> subscribe(io.vertx.redis.client.Redis used, RedisConnection connection) {
        connection.handler(this::take);
        connection.exceptionHandler(error -> away(used, error));
        connection.endHandler(end -> away(used, new IllegalStateException("the connection was closed")));
        return connection.send(Request.cmd(channel.contains("*") ? Command.PSUBSCRIBE : Command.SUBSCRIBE)
                .arg(channel));
    }

    private synchronized void listening() {
        if (toldOfAbsence) {
            LOG.info("Channel {} is heard again; what was published meanwhile is lost", channel);
        }
        toldOfAbsence = false;
    }

    /** Listens anew after a rest, once for each connection that was lost. */
    private synchronized void away(io.vertx.redis.client.Redis used, Throwable why) {
        if (closed || client != used) {
            return;
        }
        client = null;
        used.close();
        if (!toldOfAbsence) {
            LOG.warn(
                    "Channel {} is not heard: {}",
                    channel,
                    redis.failure("SUBSCRIBE", why).getMessage());
            toldOfAbsence = true;
        }
        redis.after(REST, this::listen);
    }

    private void take(Response message) {
        // ["message", channel, text] or ["pmessage", pattern, channel, text]; what is subscribed to is told too.
        int parts = message.size();
        String kind = parts == 0 ? "" : String.valueOf(message.get(0));
        if ((kind.equals("message") && parts == 3) || (kind.equals("pmessage") && parts == 4)) {
            String from = String.valueOf(message.get(parts - 2));
            String text = String.valueOf(message.get(parts - 1));
            thread.execute(() -> listener.accept(from, text));
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (client != null) {
            client.close();
            client = null;
        }
        thread.shutdown();
    }
}
