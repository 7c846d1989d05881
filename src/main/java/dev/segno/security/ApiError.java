package dev.segno.security;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong with a request, in words for the caller: never a class name, a path or a stack trace.
 *
 * @param status the HTTP status, 400..599
 * @param code a stable word for programs, such as {@code invalid} or {@code not-found}
 * @param message a sentence for people
 * @param details more, as JSON, or null
 */
public record ApiError(
        int status, String code, String message, @Nullable JsonNode details) {

    public ApiError {
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("not an error status: " + status);
        }
    }

    public ApiError(int status, String code, String message) {
        this(status, code, message, null);
    }

    /** 400: the request itself is wrong. */
    public static ApiError invalid(String message) {
        return new ApiError(400, "invalid", message);
    }

    /** 401: no credential, or one that nobody knows. */
    public static ApiError unauthorized() {
        return new ApiError(401, "unauthorized", "A valid API key is needed");
    }

    /** The error that a bare status stands for. */
    public static ApiError ofStatus(int status) {
        return switch (status) {
            case 400 -> invalid("The request is not valid");
            case 401 -> unauthorized();
            case 403 -> new ApiError(403, "forbidden", "This is not allowed");
            case 404 -> new ApiError(404, "not-found", "There is nothing at this path");
            case 405 -> new ApiError(405, "method-not-allowed", "This path does not take this method");
            case 406 -> new ApiError(406, "not-acceptable", "No representation that the client accepts");
            case 408 -> new ApiError(408, "timeout", "The request took too long to arrive");
            case 409 -> new ApiError(409, "conflict", "This does not fit the present state");
            case 413 -> new ApiError(413, "too-large", "The request body is too large");
            case 414 -> new ApiError(414, "uri-too-long", "The request target is too long");
            case 415 -> new ApiError(415, "unsupported-media-type", "Content of this type is not taken here");
            case 429 -> new ApiError(429, "too-many-requests", "Too many requests, try again later");
            case 431 -> new ApiError(431, "headers-too-large", "The request headers are too large");
            case 503 -> new ApiError(503, "unavailable", "Not available at the moment, try again");
            case 504 -> new ApiError(504, "timeout", "The answer took too long");
            default ->
                status >= 400 && status < 500
                        ? new ApiError(status, "refused", "The request was refused")
                        : new ApiError(500, "internal", "The request could not be processed");
        };
    }
}
