package dev.segno.security;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The subprotocols that a WebSocket's client may offer: {@link #NAME}, and one that is a credential. Pages in a browser can set
 * no other header of a WebSocket, and unlike a query it stands in no log of addresses. Stateless, hence safe for concurrent use.
 */
public final class SocketProtocols {

    /** What the server agrees to. A client that offers a key has to offer this too: what is agreed to is sent back. */
    public static final String NAME = "segno";

    /** Stands before a key or a token in Base64 for URLs, without padding. */
    public static final String KEY_PREFIX = "segno.key.";

    private static final String HEADER = "Sec-WebSocket-Protocol";

    private SocketProtocols() {}

    /** Whether a key is among what is offered, whatever it is worth. */
    public static boolean offerKey(HttpServerRequest request) {
        return offered(request).stream().anyMatch(protocol -> protocol.startsWith(KEY_PREFIX));
    }

    /** Whether {@link #NAME} is among what is offered. */
    public static boolean offerName(HttpServerRequest request) {
        return offered(request).contains(NAME);
    }

    /** The key that is offered; empty if there is none, or more than one, or if it is not in Base64. */
    static Optional<String> keyOf(HttpServerRequest request) {
        List<String> keys = offered(request).stream()
                .filter(protocol -> protocol.startsWith(KEY_PREFIX))
                .toList();
        if (keys.size() != 1) {
            return Optional.empty();
        }
        try {
            byte[] key = Base64.getUrlDecoder().decode(keys.get(0).substring(KEY_PREFIX.length()));
            return Optional.of(new String(key, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static List<String> offered(HttpServerRequest request) {
        return "websocket".equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE))
                ? request.headers().getAll(HEADER).stream()
                        .flatMap(header -> Arrays.stream(header.split(",")))
                        .map(String::strip)
                        .toList()
                : List.of();
    }
}
