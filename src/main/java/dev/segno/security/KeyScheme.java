package dev.segno.security;

import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One way to show a key: in the header, or in the query parameter, of a name.
 *
 * @param place {@code HEADER} or {@code QUERY}
 * @param name the header's or the parameter's name
 * @param keys the keys that are good there
 */
public record KeyScheme(Caller.Place place, String name, NamedKeys keys) {

    public KeyScheme {
        if (place == Caller.Place.NONE) {
            throw new IllegalArgumentException("a key stands somewhere");
        }
    }

    /** The caller whose key the request shows in this way, if it does. */
    public Optional<Caller> callerOf(RoutingContext ctx) {
        @Nullable String presented;
        if (place == Caller.Place.HEADER) {
            presented = ctx.request().getHeader(name);
        } else {
            List<String> values = ctx.queryParams().getAll(name);
            presented = values.size() == 1 ? values.get(0) : null;
        }
        return presented == null
                ? Optional.empty()
                : keys.nameOf(presented).map(keyName -> new Caller(keyName, place, Role.OPERATOR));
    }
}
