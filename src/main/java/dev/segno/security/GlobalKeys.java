package dev.segno.security;

import dev.segno.control.Settings;
import dev.segno.control.SettingsException;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The keys that are good for everything a role may do, shown as {@code X-Api-Key} or {@code Authorization: Bearer}, for a
 * WebSocket also as a subprotocol ({@link SocketProtocols}).
 * Immutable, hence safe for concurrent use.
 *
 * @param byRole the keys of each role that has any
 */
public record GlobalKeys(Map<Role, NamedKeys> byRole) implements Credentials {

    /** Setting with the keys of operators: {@code name=key,name=key}. */
    public static final String OPERATORS_SETTING = "SEGNO_API_KEYS";

    /** Setting with the keys of editors, in the same form. */
    public static final String EDITORS_SETTING = "SEGNO_EDITOR_KEYS";

    /** Setting with the token, one and without a name, that other nodes show when they replicate. */
    public static final String PEER_SETTING = "PEER_TOKEN";

    private static final Map<String, Role> SETTINGS = new LinkedHashMap<>();

    static {
        SETTINGS.put("SEGNO_VIEWER_KEYS", Role.VIEWER);
        SETTINGS.put("SEGNO_SUBMITTER_KEYS", Role.SUBMITTER);
        SETTINGS.put(OPERATORS_SETTING, Role.OPERATOR);
        SETTINGS.put(EDITORS_SETTING, Role.EDITOR);
        SETTINGS.put("SEGNO_ADMIN_KEYS", Role.ADMIN);
        SETTINGS.put(PEER_SETTING, Role.PEER);
    }

    public GlobalKeys {
        byRole = Collections.unmodifiableMap(new EnumMap<>(byRole));
    }

    /**
     * The keys that the settings hold, possibly none.
     *
     * @throws SettingsException when one of the settings has another form, or two give the same name or key; the message
     *     never holds a key
     */
    public static GlobalKeys from(Settings settings) {
        EnumMap<Role, NamedKeys> byRole = new EnumMap<>(Role.class);
        Map<String, NamedKeys> earlier = new LinkedHashMap<>();
        SETTINGS.forEach((setting, role) -> settings.find(setting).ifPresent(text -> {
            NamedKeys keys = role == Role.PEER ? NamedKeys.of("peer", text) : NamedKeys.parse(setting, text);
            earlier.forEach((other, others) -> {
                if (keys.shares(others)) {
                    throw new SettingsException("setting " + setting + ": a name or a key of it is in " + other
                            + " too; each key has one role, and a higher one includes those below");
                }
            });
            earlier.put(setting, keys);
            byRole.put(role, keys);
        }));
        return new GlobalKeys(byRole);
    }

    /** The setting that gives a role its keys. */
    public static String settingOf(Role role) {
        return SETTINGS.entrySet().stream()
                .filter(setting -> setting.getValue() == role)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }

    @Override
    public boolean isEmpty() {
        return byRole.isEmpty();
    }

    @Override
    public boolean anyOf(Role role) {
        return byRole.keySet().stream().anyMatch(has -> has.includes(role));
    }

    @Override
    public Future<Optional<Caller>> callerOf(HttpServerRequest request) {
        return Future.succeededFuture(presented(request).flatMap(this::callerOf));
    }

    /** The key that a request shows, if it shows one. */
    static Optional<String> presented(HttpServerRequest request) {
        @Nullable String key = request.getHeader("X-Api-Key");
        return key == null ? bearer(request) : Optional.of(key);
    }

    /** The token in {@code Authorization: Bearer}, if there is one; without that header the one that a WebSocket shows. */
    static Optional<String> bearer(HttpServerRequest request) {
        @Nullable String authorization = request.getHeader("Authorization");
        if (authorization == null) {
            return SocketProtocols.keyOf(request);
        }
        return authorization.regionMatches(true, 0, "Bearer ", 0, 7)
                ? Optional.of(authorization.substring(7).strip())
                : Optional.empty();
    }

    private Optional<Caller> callerOf(String presented) {
        @Nullable Caller found = null;
        for (Map.Entry<Role, NamedKeys> keys : byRole.entrySet()) {
            // All are asked, so the time does not tell which one knew it.
            Optional<String> name = keys.getValue().nameOf(presented);
            if (name.isPresent()) {
                found = new Caller(name.get(), Caller.Place.HEADER, keys.getKey());
            }
        }
        return Optional.ofNullable(found);
    }
}
