package dev.segno.security;

import io.vertx.core.MultiMap;

/** What every answer tells browsers, unless who answers has told them something else. Stateless. */
public final class BrowserHeaders {

    private BrowserHeaders() {}

    /** Adds what is missing. */
    public static void complete(MultiMap headers) {
        headers.set("X-Content-Type-Options", "nosniff");
        add(headers, "Cache-Control", "no-store");
        add(headers, "X-Frame-Options", "DENY");
        add(headers, "Referrer-Policy", "no-referrer");
        add(
                headers,
                "Content-Security-Policy",
                "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'");
    }

    private static void add(MultiMap headers, String name, String value) {
        if (!headers.contains(name)) {
            headers.set(name, value);
        }
    }
}
