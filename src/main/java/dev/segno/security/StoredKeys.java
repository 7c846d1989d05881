package dev.segno.security;

import com.github.f4b6a3.ulid.UlidCreator;
import dev.segno.keys.ApiKey;
import dev.segno.keys.ApiKeys;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The keys that were made here: {@code sgn_PREFIX_SECRET}, where the prefix tells keys from one another and the secret is 256
 * random bits. A key is shown once, when it is made; what is kept is its SHA-256. A slow or salted function, as for passwords,
 * would bring nothing: they make guessing dear where people choose from few secrets, and of these there are 2^256, all
 * alike, so that nobody finds one from its digest. Looking one up takes a microsecond, on an event loop.
 *
 * <p>Empty until {@link #use}; safe for concurrent use.
 */
public final class StoredKeys implements Credentials {

    private static final Pattern FORM = Pattern.compile("sgn_[A-Za-z0-9_-]{8}_[A-Za-z0-9_-]{43}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final int PREFIX_CHARACTERS = 12;

    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, ApiKey> byPrefix = new ConcurrentHashMap<>();
    private volatile @Nullable ApiKeys store;

    /**
     * A key that was made.
     *
     * @param secret the key itself, which nobody can be told again
     */
    public record Made(ApiKey key, String secret) {

        @Override
        public String toString() {
            return "Made[" + key.prefix() + "]";
        }
    }

    public StoredKeys(Clock clock) {
        this.clock = clock;
    }

    /** Reads what the store holds; from now on keys are made and taken back there. Blocks. */
    public void use(ApiKeys keys) {
        keys.all().forEach(key -> byPrefix.put(key.prefix(), key));
        store = keys;
    }

    /**
     * Makes a key. Blocks until it is on disk.
     *
     * @param scope     names of orchestrations, or null for everything that the role may do
     * @param expiresAt when it ends to be good, or null for never
     * @param by        who makes it
     * @throws ApiException with status 400 when the name or the scope has another form, or the end is not in the future
     */
    public Made make(String name, Role role, @Nullable List<String> scope, @Nullable Instant expiresAt, String by) {
        if (!NAME.matcher(name).matches()) {
            throw new ApiException(ApiError.invalid("name must be 1 to 64 letters, digits, dots, dashes, underscores"));
        }
        if (scope != null
                && (scope.isEmpty()
                        || scope.size() > 100
                        || !scope.stream().allMatch(item -> NAME.matcher(item).matches()))) {
            throw new ApiException(ApiError.invalid("scope must be \"all\" or 1 to 100 names of orchestrations"));
        }
        Instant now = clock.instant();
        if (expiresAt != null && !expiresAt.isAfter(now)) {
            throw new ApiException(ApiError.invalid("the key would have expired already"));
        }
        String secret = "sgn_" + random(6) + "_" + random(32);
        ApiKey key = new ApiKey(
                UlidCreator.getMonotonicUlid().toString(),
                secret.substring(0, PREFIX_CHARACTERS),
                Sha256.hex(secret),
                name,
                role.text(),
                scope,
                now,
                by,
                expiresAt,
                null);
        store().add(key).join();
        byPrefix.put(key.prefix(), key);
        return new Made(key, secret);
    }

    /**
     * Takes a key back, at once and for good. Blocks until that is on disk.
     *
     * @throws ApiException with status 404 when there is none of this id
     */
    public ApiKey revoke(String id) {
        ApiKey key = all().stream()
                .filter(one -> one.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new ApiException(new ApiError(404, "not-found", "There is no key of this id")));
        if (key.revokedAt() != null) {
            return key;
        }
        ApiKey revoked = key.revoked(clock.instant());
        // First here: what could not be written down is no reason to let it in.
        byPrefix.put(key.prefix(), revoked);
        store().revoke(revoked).join();
        return revoked;
    }

    /** All that were ever made, in that order. */
    public List<ApiKey> all() {
        return byPrefix.values().stream()
                .sorted(Comparator.comparing(ApiKey::id))
                .toList();
    }

    /** Whether none was ever made: that the last one expired opens nothing. */
    @Override
    public boolean isEmpty() {
        return byPrefix.isEmpty();
    }

    @Override
    public boolean anyOf(Role role) {
        Instant now = clock.instant();
        return byPrefix.values().stream()
                .anyMatch(key -> key.isLive(now)
                        && Role.of(key.role()).map(has -> has.includes(role)).orElse(false));
    }

    @Override
    public Future<Optional<Caller>> callerOf(HttpServerRequest request) {
        return Future.succeededFuture(GlobalKeys.presented(request).flatMap(this::callerOf));
    }

    private Optional<Caller> callerOf(String presented) {
        if (!FORM.matcher(presented).matches()) {
            return Optional.empty();
        }
        @Nullable ApiKey key = byPrefix.get(presented.substring(0, PREFIX_CHARACTERS));
        if (key == null
                || !MessageDigest.isEqual(bytes(key.digest()), bytes(Sha256.hex(presented)))
                || !key.isLive(clock.instant())) {
            return Optional.empty();
        }
        return Role.of(key.role()).map(role -> new Caller(key.name(), Caller.Place.HEADER, role, key.scope()));
    }

    private ApiKeys store() {
        ApiKeys keys = store;
        if (keys == null) {
            throw new IllegalStateException("no store yet");
        }
        return keys;
    }

    private String random(int bytes) {
        byte[] some = new byte[bytes];
        random.nextBytes(some);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(some);
    }

    private static byte[] bytes(String hex) {
        return hex.getBytes(StandardCharsets.US_ASCII);
    }
}
