package dev.segno.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Bearer tokens of an identity provider (OpenID Connect): signed, asymmetrically and by the provider's key, for this node, at
 * this time, for somebody who has one of the roles. Who has several has the highest. Safe for concurrent use.
 */
final class OidcTokens implements Credentials {

    /** By how much clocks may differ. */
    private static final Duration SKEW = Duration.ofSeconds(60);

    private static final int MAX_CHARACTERS = 8192;
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]*");
    private static final Pattern UNPRINTABLE = Pattern.compile("[^A-Za-z0-9@._|:-]");

    private final OidcSettings settings;
    private final IssuerKeys keys;
    private final Clock clock = Clock.systemUTC();

    OidcTokens(OidcSettings settings) {
        this.settings = settings;
        this.keys = new IssuerKeys(settings.issuer());
    }

    @Override
    public boolean isEmpty() {
        return false;
    }

    @Override
    public boolean anyOf(Role role) {
        return settings.roles().values().stream().anyMatch(has -> has.includes(role));
    }

    @Override
    public Future<Optional<Caller>> callerOf(HttpServerRequest request) {
        Optional<String> token = GlobalKeys.bearer(request)
                .filter(text ->
                        text.length() <= MAX_CHARACTERS && FORM.matcher(text).matches());
        if (token.isEmpty()) {
            return Future.succeededFuture(Optional.empty());
        }
        SignedJWT jwt;
        try {
            jwt = SignedJWT.parse(token.get());
        } catch (ParseException e) {
            return Future.succeededFuture(Optional.empty());
        }
        // Before anything is done with it: neither "none" nor a public key as the secret of an HMAC.
        if (!settings.algorithms().contains(jwt.getHeader().getAlgorithm().getName())) {
            return Future.succeededFuture(Optional.empty());
        }
        return keys.keysFor(jwt.getHeader(), Vertx.currentContext().owner())
                .map(found ->
                        found.stream().anyMatch(key -> isSignedBy(jwt, key)) ? caller(jwt) : Optional.<Caller>empty())
                .recover(failure -> Future.failedFuture(
                        failure instanceof ApiException
                                ? failure
                                : new ApiException(new ApiError(
                                        503, "unavailable", "The identity provider cannot be asked, try again"))));
    }

    private static boolean isSignedBy(SignedJWT jwt, JWK key) {
        if (!(key instanceof AsymmetricJWK asymmetric)) {
            return false;
        }
        try {
            JWSVerifier verifier =
                    new DefaultJWSVerifierFactory().createJWSVerifier(jwt.getHeader(), asymmetric.toPublicKey());
            return jwt.verify(verifier);
        } catch (JOSEException e) {
            return false;
        }
    }

    private Optional<Caller> caller(SignedJWT jwt) {
        JWTClaimsSet claims;
        try {
            claims = jwt.getJWTClaimsSet();
        } catch (ParseException e) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        if (!settings.issuer().equals(claims.getIssuer())
                || !claims.getAudience().contains(settings.audience())
                || claims.getExpirationTime() == null
                || (claims.getNotBeforeTime() != null
                        && claims.getNotBeforeTime().toInstant().isAfter(now.plus(SKEW)))) {
            return Optional.empty();
        }
        if (!claims.getExpirationTime().toInstant().isAfter(now.minus(SKEW))) {
            // Whoever shows an old one of ours does not guess, and must not be locked out.
            throw new ApiException(new ApiError(401, "unauthorized", "The token has expired"));
        }
        String name = text(claims.getClaim(settings.nameClaim()));
        return roles(claims)
                .map(role ->
                        new Caller("oidc:" + UNPRINTABLE.matcher(name).replaceAll("_"), Caller.Place.HEADER, role));
    }

    private static String text(@Nullable Object claim) {
        String text = claim == null ? "unnamed" : claim.toString();
        return text.length() > 100 ? text.substring(0, 100) : text;
    }

    private Optional<Role> roles(JWTClaimsSet claims) {
        @Nullable Object claim = claims.getClaims();
        for (String part : List.of(settings.roleClaim().split("\\."))) {
            claim = claim instanceof Map<?, ?> map ? map.get(part) : null;
        }
        Stream<?> values = claim instanceof Collection<?> many
                ? many.stream()
                : claim instanceof String text ? Stream.of(text.split(" ")) : Stream.empty();
        return values.filter(String.class::isInstance)
                .map(settings.roles()::get)
                .filter(role -> role != null)
                .max((one, other) -> one == other ? 0 : one == Role.PEER || other.includes(one) ? -1 : 1);
    }
}
