package dev.segno.registry;

import dev.segno.control.Settings;
import dev.segno.security.ApiException;
import dev.segno.security.OutboundClient;
import dev.segno.security.OutboundFailure;
import dev.segno.security.OutboundRules;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls of addresses that callers have named, which are guarded, and of those in the settings, which are not. Nothing is
 * opened before the first call. Methods block, and must not be called on an event loop. Thread-safe.
 */
public final class Outbound implements AutoCloseable {

    /** Who says where a call goes. */
    public enum NamedBy {
        CALLER,
        SETTINGS
    }

    /** What was answered. */
    public record Answer(int status, String body) {}

    private final Supplier<Vertx> vertx;
    private final OutboundRules rules;
    private @Nullable OutboundClient guarded;
    private @Nullable OutboundClient open;

    /** @param rules for addresses that callers name */
    public Outbound(Supplier<Vertx> vertx, OutboundRules rules) {
        this.vertx = vertx;
        this.rules = rules;
    }

    /**
     * Checks an address as it is written.
     *
     * @throws ApiException when it may not be called
     */
    public void require(String field, String url) {
        rules.require(field, url);
    }

    /**
     * Gets a document.
     *
     * @throws IOException when no answer came, or the address may not be called; the message says why
     */
    public Answer get(String url, Map<String, String> headers, NamedBy namedBy) throws IOException {
        return call(HttpMethod.GET, url, headers, null, namedBy);
    }

    /** Posts a JSON document; otherwise as {@link #get}. */
    public Answer post(String url, Map<String, String> headers, String json, NamedBy namedBy) throws IOException {
        return call(HttpMethod.POST, url, headers, Buffer.buffer(json), namedBy);
    }

    private Answer call(
            HttpMethod method, String url, Map<String, String> headers, @Nullable Buffer body, NamedBy namedBy)
            throws IOException {
        try {
            OutboundClient.Answer answer = client(namedBy)
                    .call(method, "the address", url, headers, body)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
            return new Answer(answer.status(), answer.body().toString());
        } catch (CompletionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof OutboundFailure || cause instanceof ApiException) {
                throw new IOException(cause.getMessage(), cause);
            }
            throw e;
        }
    }

    private synchronized OutboundClient client(NamedBy namedBy) {
        if (namedBy == NamedBy.CALLER) {
            if (guarded == null) {
                guarded = new OutboundClient(vertx.get(), rules);
            }
            return guarded;
        }
        if (open == null) {
            // What the settings name was named by who could allow it as well.
            Settings everywhere = Settings.of(Map.of(OutboundRules.CIDRS_SETTING, "0.0.0.0/0,::/0"));
            open = new OutboundClient(vertx.get(), OutboundRules.from(everywhere));
        }
        return open;
    }

    @Override
    public synchronized void close() {
        if (guarded != null) {
            guarded.close();
        }
        if (open != null) {
            open.close();
        }
    }
}
