package dev.segno.security;

import com.github.f4b6a3.ulid.UlidCreator;
import io.vertx.core.http.HttpServerRequest;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The id of a request: the caller's {@code X-Request-ID} when it is well-formed, else a new one. It stands in the
 * response, in every error and in the log. Stateless, hence safe for concurrent use.
 */
public final class RequestId {

    /** The header's name. */
    public static final String HEADER = "X-Request-ID";

    private static final Pattern WELL_FORMED = Pattern.compile("[A-Za-z0-9._-]{1,128}");

    private RequestId() {}

    /** The request's id; the first call fixes it as a response header, later calls return the same. */
    public static String of(HttpServerRequest request) {
        @Nullable String fixed = request.response().headers().get(HEADER);
        if (fixed != null) {
            return fixed;
        }
        @Nullable String given = request.getHeader(HEADER);
        String id = given != null && WELL_FORMED.matcher(given).matches()
                ? given
                : UlidCreator.getMonotonicUlid().toString();
        if (!request.response().headWritten()) {
            request.response().putHeader(HEADER, id);
        }
        return id;
    }
}
