package dev.segno.security;

import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/**
 * Who sent a request.
 *
 * @param name the name of the key that was shown, or {@code anonymous}
 * @param place where the credential stood
 * @param role what the caller may do, as far as it is let in
 */
public record Caller(String name, Place place, Role role) {

    /** Nobody in particular, who called a public operation. */
    public static final Caller ANONYMOUS = new Caller("anonymous", Place.NONE, Role.VIEWER);

    /** Nobody in particular, on a server without credentials that is open to its own machine or to everybody. */
    public static final Caller UNGUARDED = new Caller("anonymous", Place.NONE, Role.OPERATOR);

    private static final String KEY = "segno.caller";

    /** Where a credential stood in the request. */
    public enum Place {
        NONE,
        HEADER,
        QUERY
    }

    /** The caller that {@link Authentication} found, or null when the request did not pass it. */
    public static @Nullable Caller of(RoutingContext ctx) {
        return ctx.get(KEY);
    }

    void enter(RoutingContext ctx) {
        ctx.put(KEY, this);
    }
}
