package dev.segno.api;

import dev.segno.camel.http.AsyncHttpEngine;
import dev.segno.security.ApiError;
import dev.segno.security.ErrorReply;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Answers requests that no route took, with the methods that one would have taken. Safe for concurrent use. */
final class Unrouted {

    private final List<Router> routers;
    private final FrontDoor door;

    Unrouted(List<Router> routers, FrontDoor door) {
        this.routers = routers;
        this.door = door;
    }

    void answer(RoutingContext ctx) {
        if (ctx.failure() != null) {
            door.failed(ctx);
        } else if (AsyncHttpEngine.wasPassedOn(ctx)) {
            ErrorReply.send(ctx, new ApiError(503, "stopping", "This route is stopping, try again"));
        } else {
            // Asked of the routes and not of the status: a router below another does not hand its 405 up.
            Set<String> methods =
                    ctx.statusCode() == 404 || ctx.statusCode() == 405 ? allowed(ctx.normalizedPath()) : Set.of();
            if (methods.isEmpty()) {
                ErrorReply.send(ctx, ApiError.ofStatus(ctx.statusCode() < 400 ? 404 : ctx.statusCode()));
            } else {
                ctx.response().putHeader("Allow", String.join(", ", methods));
                ErrorReply.send(ctx, ApiError.ofStatus(405));
            }
        }
    }

    private Set<String> allowed(String path) {
        Set<String> methods = new TreeSet<>();
        for (Router router : routers) {
            for (Route route : router.getRoutes()) {
                if (route.methods() != null && route.getPath() != null && matches(route.getPath(), path)) {
                    route.methods().stream().map(HttpMethod::name).forEach(methods::add);
                }
            }
        }
        return methods;
    }

    /** Whether a path fits a route's: the same, but for parameters, and for what follows a star. */
    private static boolean matches(String pattern, String path) {
        String[] wanted = pattern.split("/", -1);
        String[] given = path.split("/", -1);
        for (int i = 0; i < wanted.length; i++) {
            if (wanted[i].endsWith("*")) {
                return i < given.length && given[i].startsWith(wanted[i].substring(0, wanted[i].length() - 1));
            }
            boolean parameter = wanted[i].startsWith(":");
            if (i >= given.length || !(parameter ? !given[i].isEmpty() : wanted[i].equals(given[i]))) {
                return false;
            }
        }
        return wanted.length == given.length;
    }
}
