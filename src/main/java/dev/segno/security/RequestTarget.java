package dev.segno.security;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks a request before anything looks at it: only origin-form targets ({@code /path?query}) are served, with
 * well-formed percent escapes that decode to UTF-8, without NUL anywhere and without control characters in the path. Stateless, hence safe for concurrent
 * use.
 *
 * <p>An absolute-form target ({@code GET http://host/}) is how a proxy is spoken to; Camel's HTTP producers would follow
 * it.
 */
public final class RequestTarget {

    private RequestTarget() {}

    /** What is wrong with the request, or empty when it may go on. */
    public static Optional<ApiError> fault(HttpServerRequest request) {
        String uri = request.uri();
        if (uri.isEmpty() || uri.charAt(0) != '/' || HttpMethod.CONNECT.equals(request.method())) {
            return Optional.of(ApiError.invalid("The request target must be a path, this server is no proxy"));
        }
        if (!isWellFormed(uri)) {
            return Optional.of(ApiError.invalid("The request target is not well-formed"));
        }
        List<String> encodings = request.headers().getAll("Transfer-Encoding");
        if (!encodings.isEmpty()
                && (encodings.size() > 1
                        || !encodings.get(0).strip().equalsIgnoreCase("chunked")
                        || request.headers().contains("Content-Length"))) {
            return Optional.of(ApiError.invalid("The length of the request body is not clear"));
        }
        if (request.headers().getAll("Host").size() > 1
                || request.headers().getAll("Content-Length").size() > 1) {
            return Optional.of(ApiError.invalid("A header is there twice that may be there once"));
        }
        return Optional.empty();
    }

    private static boolean isWellFormed(String uri) {
        boolean escaped = false;
        for (int i = 0; i < uri.length(); i++) {
            char c = uri.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '#') {
                return false;
            }
            escaped |= c == '%';
        }
        if (!escaped) {
            return true;
        }
        int query = uri.indexOf('?');
        @Nullable String path = decode(query < 0 ? uri : uri.substring(0, query));
        return path != null
                && path.chars().noneMatch(Character::isISOControl)
                && (query < 0 || decode(uri.substring(query + 1)) != null);
    }

    /** The text with its percent escapes decoded, or null when they are malformed or hide a NUL. */
    static @Nullable String decode(String text) {
        ByteBuffer bytes = ByteBuffer.allocate(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '%') {
                bytes.put((byte) c);
                continue;
            }
            int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
            int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
            if (high < 0 || low < 0) {
                return null;
            }
            int value = high * 16 + low;
            if (value == 0) {
                return null;
            }
            bytes.put((byte) value);
            i += 2;
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
