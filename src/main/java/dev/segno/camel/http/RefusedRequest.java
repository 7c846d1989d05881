package dev.segno.camel.http;

/** How a route says that its request ends with an error, without failing. */
public final class RefusedRequest {

    /** Exchange property with the {@link dev.segno.security.ApiError}. */
    public static final String PROPERTY = "SegnoRefused";

    private RefusedRequest() {}
}
