package dev.segno.security;

import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/**
 * Who it is that sends a request, by what it shows: a key, a token. {@link Authentication} asks it for every request that
 * needs a caller. Safe for concurrent use.
 */
public interface Credentials {

    /** Whether there are none, so that no request could show one; then the server is open as its {@link Authentication.Openness} says. */
    boolean isEmpty();

    /** Whether anybody has a role, so that a refusal can say what is to be set. */
    boolean anyOf(Role role);

    /**
     * The caller whose credential a request shows, if it shows one that is good. Called on the request's event loop, which it
     * must not block.
     *
     * @throws ApiException when the request is to be answered with another error than 401, such as 429 after too many
     *     wrong ones
     */
    Optional<Caller> callerOf(HttpServerRequest request);
}
