package dev.segno.camel;

import dev.segno.redis.Redis;
import dev.segno.redis.StreamEntry;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultAsyncProducer;
import org.jspecify.annotations.Nullable;

/** Sends the body to Redis, as JSON or as the text that it is, and leaves the message as it was. */
final class RedisProducer extends DefaultAsyncProducer {

    private final Target target;

    /** Where to. */
    interface Target {
        CompletableFuture<?> send(String body, @Nullable String key);
    }

    private RedisProducer(Endpoint endpoint, Target target) {
        super(endpoint);
        this.target = target;
    }

    /** Appends an entry with the step's key: one that is appended twice is one message to a reader that looks at the key. */
    static RedisProducer toStream(Endpoint endpoint, Redis redis, String stream) {
        return new RedisProducer(endpoint, (body, key) -> {
            Map<String, String> fields = new LinkedHashMap<>();
            fields.put("payload", body);
            if (key != null) {
                fields.put(StreamEntry.KEY, key);
            }
            return redis.append(stream, fields);
        });
    }

    /** Sends to those who listen now. */
    static RedisProducer toChannel(Endpoint endpoint, Redis redis, String channel) {
        return new RedisProducer(endpoint, (body, key) -> redis.publish(channel, body));
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        CompletableFuture<?> sent;
        try {
            sent = target.send(text(exchange), key(exchange));
        } catch (RuntimeException e) {
            exchange.setException(e);
            callback.done(true);
            return true;
        }
        sent.whenComplete((answer, error) -> {
            if (error != null) {
                exchange.setException(Failures.unwrap(error));
            }
            callback.done(false);
        });
        return false;
    }

    private static @Nullable String key(Exchange exchange) {
        String key = RunNode.idempotencyKey(exchange);
        return key == null ? exchange.getMessage().getHeader(OrchestrationProducer.START_KEY, String.class) : key;
    }

    private static String text(Exchange exchange) {
        Object body = exchange.getMessage().getBody();
        if (body instanceof String text) {
            // A text is sent as it is where it is JSON already, which readers expect.
            return text;
        }
        if (body instanceof byte[] bytes) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
        if (body == null || Json.isWritable(body)) {
            return Json.text(body);
        }
        String text = exchange.getMessage().getBody(String.class);
        if (text == null) {
            throw new IllegalArgumentException(
                    "A body of " + body.getClass().getName() + " cannot be sent to Redis; make it JSON or text first");
        }
        return text;
    }
}
