package dev.segno.hawtio;

import dev.segno.api.ApiDocument;
import dev.segno.api.ApiRoutes;
import dev.segno.camel.http.BodyReader;
import dev.segno.control.SettingsException;
import dev.segno.security.ApiError;
import dev.segno.security.ApiException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Hawtio at {@code /hawtio}, and what it asks at {@code /hawtio/jolokia}: by POST, from its own pages, and only to look.
 * Callers have passed the authentication of the server, which asks them for the role of viewers.
 */
public final class HawtioResources implements ApiRoutes, AutoCloseable {

    private static final int MAX_REQUEST_BYTES = 256 * 1024;

    /** Its styles are made while it runs, and pictures and fonts of its editor stand in them. */
    private static final String POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
            + " font-src 'self' data:; frame-ancestors 'none'; base-uri 'self'; form-action 'self'; object-src 'none'";

    private final Path index;

    /** By their names below {@code /hawtio/}. */
    private final Map<String, Path> files;

    private final Jolokia jolokia = new Jolokia();

    private HawtioResources(Path pages) {
        this.index = pages.resolve("index.html").toAbsolutePath();
        try (Stream<Path> all = Files.walk(pages)) {
            this.files = all.filter(Files::isRegularFile)
                    .collect(Collectors.toMap(
                            file -> pages.relativize(file).toString().replace('\\', '/'), Path::toAbsolutePath));
        } catch (IOException e) {
            throw new SettingsException("The pages of Hawtio in " + pages + " cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Hawtio with the pages in a directory.
     *
     * @throws SettingsException when they are not there
     */
    public static HawtioResources of(Path pages) {
        if (!Files.isRegularFile(pages.resolve("index.html"))) {
            throw new SettingsException("setting SEGNO_HAWTIO is true, but the pages of Hawtio are not in " + pages
                    + ": build with ./mvnw package, or set it to false");
        }
        return new HawtioResources(pages);
    }

    /** Which operations there are, and who may call them. */
    public static ApiDocument document() {
        return ApiDocument.ofPart("hawtio");
    }

    @Override
    public void mount(Router router) {
        router.route("/hawtio/jolokia*").handler(this::requirePost);
        router.post("/hawtio/jolokia*")
                .handler(new BodyReader(MAX_REQUEST_BYTES))
                .handler(this::ask);
        router.get("/hawtio/proxy/enabled").handler(ctx -> json(ctx, "false"));
        router.route("/hawtio/proxy*").handler(ctx -> {
            throw forbidden("Other processes are not looked at from here");
        });
        router.get("/hawtio/user").handler(ctx -> json(ctx, "\"public\""));
        router.get("/hawtio/plugin").handler(ctx -> json(ctx, "[]"));
        router.get("/hawtio/preset-connections").handler(ctx -> json(ctx, "[]"));
        router.get("/hawtio/keycloak/enabled").handler(ctx -> json(ctx, "false"));
        router.get("/hawtio").handler(this::toDirectory);
        router.get("/hawtio/*").handler(this::file);
    }

    private void toDirectory(RoutingContext ctx) {
        // Only the path with a slash is the directory to which its pages refer.
        if (ctx.normalizedPath().equals("/hawtio") && !ctx.request().path().endsWith("/")) {
            ctx.response().setStatusCode(302).putHeader("Location", "/hawtio/").end();
        } else {
            ctx.next();
        }
    }

    /** Files by their exact names; what is inside of Hawtio is one page; how to log in is not there. */
    private void file(RoutingContext ctx) {
        String path = ctx.normalizedPath().substring("/hawtio/".length());
        @Nullable Path file = files.get(path);
        if (file == null
                && (path.startsWith("auth/")
                        || path.substring(path.lastIndexOf('/') + 1).indexOf('.') >= 0)) {
            ctx.fail(404);
            return;
        }
        ctx.response()
                .putHeader("Content-Security-Policy", POLICY)
                .putHeader("Referrer-Policy", "no-referrer")
                // Names of scripts change with what is in them.
                .putHeader("Cache-Control", path.startsWith("static/") ? "private, max-age=86400" : "no-store")
                .sendFile(Objects.requireNonNullElse(file, index).toString());
    }

    private void requirePost(RoutingContext ctx) {
        HttpServerRequest request = ctx.request();
        if (!request.method().name().equals("POST")) {
            throw forbidden("Ask by POST: other methods could be sent by a link");
        }
        if (!ctx.normalizedPath().matches("/hawtio/jolokia/?")) {
            throw forbidden("Ask by a body: requests in the path are not read");
        }
        @Nullable String origin = request.getHeader("Origin");
        if (origin != null && !isOwn(origin, request.getHeader("Host"))) {
            throw forbidden("A page of another site may not ask here");
        }
        @Nullable String site = request.getHeader("Sec-Fetch-Site");
        if (site != null && !site.equals("same-origin") && !site.equals("none")) {
            throw forbidden("A page of another site may not ask here");
        }
        ctx.next();
    }

    /** Behind a proxy that ends TLS the scheme is another than here; the name and the port are the same. */
    private static boolean isOwn(String origin, @Nullable String host) {
        try {
            @Nullable String authority = URI.create(origin).getAuthority();
            return authority != null && host != null && authority.equals(host.toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static ApiException forbidden(String why) {
        return new ApiException(new ApiError(403, "forbidden", why));
    }

    private void ask(RoutingContext ctx) {
        @Nullable String body = ctx.body().asString();
        String requests = ReadOnly.checked(body == null ? "" : body);
        ctx.vertx()
                .executeBlocking(() -> RouteOutline.inAnswer(jolokia.answer(requests)), false)
                .onSuccess(answer -> json(ctx, answer))
                .onFailure(ctx::fail);
    }

    private static void json(RoutingContext ctx, String document) {
        ctx.response().putHeader("Content-Type", "application/json").end(document);
    }

    @Override
    public void close() {
        jolokia.close();
    }
}
