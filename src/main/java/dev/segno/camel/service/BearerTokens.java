package dev.segno.camel.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that are sent as Authorization, by the name of the setting that holds them. One that is refused is made anew
 * where the settings {@code NAME_REFRESH} (a refresh token) and {@code NAME_REFRESH_URL} say how, as in OAuth 2; what comes
 * of it is kept in memory. Calls that are refused at the same time share one request. Thread-safe.
 */
final class BearerTokens {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ServiceCalls calls;
    private final Function<String, Optional<String>> settings;
    private final Map<String, String> renewed = new ConcurrentHashMap<>();
    private final Map<String, String> refreshTokens = new ConcurrentHashMap<>();
    private final Map<String, Future<String>> underWay = new ConcurrentHashMap<>();

    BearerTokens(ServiceCalls calls, Function<String, Optional<String>> settings) {
        this.calls = calls;
        this.settings = settings;
    }

    /** The token that counts now; empty where there is none. */
    Optional<String> of(String setting) {
        return Optional.ofNullable(renewed.get(setting)).or(() -> settings.apply(setting));
    }

    /** Whether the settings say how a new one is made. */
    boolean canRenew(@Nullable String setting) {
        return setting != null
                && settings.apply(setting + "_REFRESH").isPresent()
                && settings.apply(setting + "_REFRESH_URL").isPresent();
    }

    /**
     * Another token than the one that was refused; fails where none is to be had.
     *
     * @param refused the whole header
     */
    Future<String> renew(String setting, @Nullable String refused) {
        Optional<String> known = of(setting);
        if (known.isPresent() && !("Bearer " + known.get()).equals(refused)) {
            // Another call was quicker.
            return Future.succeededFuture(known.get());
        }
        Promise<String> promise = Promise.promise();
        Future<String> other = underWay.putIfAbsent(setting, promise.future());
        if (other != null) {
            return other;
        }
        promise.future().onComplete(done -> underWay.remove(setting));
        String refresh = Optional.ofNullable(refreshTokens.get(setting))
                .or(() -> settings.apply(setting + "_REFRESH"))
                .orElse("");
        MultiMap headers = MultiMap.caseInsensitiveMultiMap()
                .set(HttpHeaders.CONTENT_TYPE, "application/json")
                .set(HttpHeaders.ACCEPT, "application/json");
        String body = JsonNodeFactory.instance
                .objectNode()
                .put("refresh_token", refresh)
                .toString();
        calls.send("POST", settings.apply(setting + "_REFRESH_URL").orElse(""), headers, Buffer.buffer(body), PATIENCE)
                .compose(answer -> take(setting, answer))
                .onComplete(promise);
        return promise.future();
    }

    private Future<String> take(String setting, Answer answer) {
        try {
            JsonNode granted = new ObjectMapper().readTree(answer.body().getBytes());
            String token = granted == null ? "" : granted.path("access_token").asText();
            if (answer.status() != 200 || token.isEmpty()) {
                return Future.failedFuture("No new token: the answer was " + answer.status());
            }
            renewed.put(setting, token);
            String next = granted.path("refresh_token").asText();
            if (!next.isEmpty()) {
                refreshTokens.put(setting, next);
            }
            return Future.succeededFuture(token);
        } catch (IOException e) {
            return Future.failedFuture(e);
        }
    }
}
