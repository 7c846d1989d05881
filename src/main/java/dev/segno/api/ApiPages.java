package dev.segno.api;

import dev.segno.security.ApiError;
import dev.segno.security.ApiException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The document of the whole API, and two pages that show it: Swagger UI and ReDoc. Nothing is read before it is asked for.
 * The pages load what this server has and nothing else, and run no script that stands in a page.
 */
final class ApiPages implements ApiRoutes {

    private static final String OURS = "/openapi/pages/";
    private static final String SWAGGER_UI = "/META-INF/resources/webjars/swagger-ui/5.34.1/";
    private static final String REDOC = "/META-INF/resources/webjars/redoc/2.5.1/";

    private static final String HTML = "text/html; charset=utf-8";
    private static final String SCRIPT = "text/javascript; charset=utf-8";

    private static final String POLICY =
            "default-src 'none'; script-src 'self'; img-src 'self' data:; connect-src 'self';"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'; style-src 'self'";

    /** ReDoc writes its styles into the page while it runs, and does not come up without. */
    private static final String REDOC_POLICY = POLICY + " 'unsafe-inline'";

    private static final Map<String, Part> PARTS = Map.of(
            "/docs", new Part(OURS + "docs.html", HTML),
            "/docs/start.js", new Part(OURS + "docs.js", SCRIPT),
            "/docs/swagger-ui.js", new Part(SWAGGER_UI + "swagger-ui-bundle.js", SCRIPT),
            "/docs/swagger-ui.css", new Part(SWAGGER_UI + "swagger-ui.css", "text/css; charset=utf-8"),
            "/docs/favicon.png", new Part(SWAGGER_UI + "favicon-32x32.png", "image/png"),
            "/redoc", new Part(OURS + "redoc.html", HTML),
            "/redoc/start.js", new Part(OURS + "redoc.js", SCRIPT),
            "/redoc/redoc.js", new Part(REDOC + "redoc.standalone.js", SCRIPT));

    private final PublishedDocument document;

    /** What a page is made of: a resource and its type. */
    private record Part(String resource, String type) {

        Buffer read() {
            try (InputStream in = Objects.requireNonNull(ApiPages.class.getResourceAsStream(resource), resource)) {
                return Buffer.buffer(in.readAllBytes());
            } catch (IOException e) {
                throw new IllegalStateException(resource + " is on the class path and cannot be read", e);
            }
        }
    }

    ApiPages(List<ApiDocument> documents) {
        this.document = new PublishedDocument(documents);
    }

    @Override
    public void mount(Router router) {
        router.get("/openapi.json")
                .handler(ctx -> ctx.vertx()
                        .executeBlocking(document::json, false)
                        .onSuccess(json -> ctx.response()
                                .putHeader("Content-Type", "application/json")
                                .end(json))
                        .onFailure(ctx::fail));
        for (String path : List.of("/docs", "/docs/:file", "/redoc", "/redoc/:file")) {
            router.get(path).handler(ApiPages::part);
        }
    }

    private static void part(RoutingContext ctx) {
        String path = ctx.normalizedPath();
        Part part = PARTS.get(path.endsWith("/") ? path.substring(0, path.length() - 1) : path);
        if (part == null) {
            throw new ApiException(ApiError.ofStatus(404));
        }
        ctx.vertx()
                .executeBlocking(part::read, false)
                .onSuccess(content -> {
                    HttpServerResponse response = ctx.response()
                            .putHeader("Content-Type", part.type())
                            .putHeader("Cache-Control", "private, max-age=3600")
                            .putHeader("Referrer-Policy", "no-referrer")
                            .putHeader("X-Frame-Options", "DENY");
                    if (part.type().equals(HTML)) {
                        response.putHeader("Cache-Control", "no-store")
                                .putHeader("Content-Security-Policy", path.startsWith("/docs") ? POLICY : REDOC_POLICY);
                    }
                    response.end(content);
                })
                .onFailure(ctx::fail);
    }
}
