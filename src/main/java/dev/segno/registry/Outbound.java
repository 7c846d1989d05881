package dev.segno.registry;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/** Calls of addresses that others have named, and of peers. Follows no redirects. Thread-safe; blocks. */
public interface Outbound {

    /** What was answered. */
    record Response(int status, String body) {}

    /** Who says where a call goes. */
    enum Trust {
        /** A caller: every address is checked before it is connected to. */
        NAMED_BY_CALLER,
        /** The settings. */
        CONFIGURED
    }

    /**
     * Checks an address as it is written, without looking up its name.
     *
     * @throws ForbiddenAddress when it must not be called
     */
    void check(String url);

    /**
     * Gets a document.
     *
     * @throws IOException      when no answer came
     * @throws ForbiddenAddress when the address must not be called
     */
    Response get(String url, Map<String, String> headers, Duration timeout, Trust trust) throws IOException;

    /** Posts a JSON document; otherwise as {@link #get}. */
    Response post(String url, String json, Map<String, String> headers, Duration timeout, Trust trust)
            throws IOException;

    /** An address that must not be called. The message says why, without the address. */
    final class ForbiddenAddress extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public ForbiddenAddress(String message) {
            super(message);
        }
    }
}
