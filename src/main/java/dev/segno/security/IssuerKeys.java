package dev.segno.security;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The public keys of an identity provider, found through its discovery document. They are read at the first need, again after
 * ten minutes, and when a token names one that is not among them, which is asked at most every ten seconds whoever sends
 * such tokens. While they cannot be read those from before stay good. Safe for concurrent use.
 */
final class IssuerKeys {

    private static final Logger LOG = LoggerFactory.getLogger(IssuerKeys.class);

    private static final Duration FRESH = Duration.ofMinutes(10);
    private static final Duration BETWEEN = Duration.ofSeconds(10);

    private final String issuer;
    private volatile @Nullable JWKSet keys;
    private @Nullable Future<JWKSet> reading;
    private long readAt;
    private boolean asked;
    private @Nullable OutboundClient client;

    IssuerKeys(String issuer) {
        this.issuer = issuer;
    }

    /**
     * The keys that may have made a signature, possibly none.
     *
     * @return fails when the provider's keys were never read, and cannot be read now
     */
    Future<List<JWK>> keysFor(JWSHeader header, Vertx vertx) {
        JWKSelector selector = new JWKSelector(JWKMatcher.forJWSHeader(header));
        @Nullable JWKSet known = keys;
        List<JWK> found = known == null ? List.of() : selector.select(known);
        if (!mayRead(known == null || found.isEmpty())) {
            return known == null
                    ? Future.failedFuture("the issuer's keys could not be read")
                    : Future.succeededFuture(found);
        }
        Future<JWKSet> read = read(vertx);
        // Old keys that will do need not wait for the new ones.
        return found.isEmpty()
                ? read.map(selector::select)
                        .recover(failure ->
                                known == null ? Future.failedFuture(failure) : Future.succeededFuture(List.of()))
                : Future.succeededFuture(found);
    }

    private synchronized boolean mayRead(boolean needed) {
        if (reading != null && !reading.isComplete()) {
            return needed;
        }
        long age = System.nanoTime() - readAt;
        return !asked || age > (needed ? BETWEEN : FRESH).toNanos();
    }

    private synchronized Future<JWKSet> read(Vertx vertx) {
        if (reading != null && !reading.isComplete()) {
            return reading;
        }
        asked = true;
        readAt = System.nanoTime();
        if (client == null) {
            // The operator named it, so it may be anywhere.
            client = new OutboundClient(vertx, OutboundRules.anywhere());
        }
        OutboundClient http = client;
        Promise<JWKSet> promise = Promise.promise();
        reading = promise.future();
        String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
        get(http, base + "/.well-known/openid-configuration")
                .compose(discovery -> {
                    if (!issuer.equals(discovery.getValue("issuer"))) {
                        return Future.failedFuture("its discovery document names another issuer");
                    }
                    return get(http, String.valueOf(discovery.getValue("jwks_uri")));
                })
                .compose(document -> {
                    try {
                        return Future.succeededFuture(JWKSet.parse(document.encode()));
                    } catch (ParseException e) {
                        return Future.failedFuture("its keys are not in the form of a JWK set");
                    }
                })
                .onSuccess(set -> keys = set)
                .onFailure(failure -> LOG.warn("The keys of {} cannot be read: {}", issuer, failure.getMessage()))
                .onComplete(promise);
        return promise.future();
    }

    private static Future<io.vertx.core.json.JsonObject> get(OutboundClient http, String url) {
        return http.get("the issuer", url, Map.of("Accept", "application/json")).compose(answer -> {
            if (answer.status() != 200) {
                return Future.failedFuture("it answered with status " + answer.status());
            }
            try {
                return Future.succeededFuture(answer.body().toJsonObject());
            } catch (RuntimeException e) {
                return Future.failedFuture("it did not answer with a JSON object");
            }
        });
    }
}
