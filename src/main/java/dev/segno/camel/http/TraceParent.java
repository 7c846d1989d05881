package dev.segno.camel.http;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The W3C header by which a trace is passed on. Stateless, hence safe for concurrent use. */
final class TraceParent {

    static final String HEADER = "traceparent";

    private static final Pattern WELL_FORMED =
            Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

    private TraceParent() {}

    /** The given one if it is well-formed, else the begin of a new trace. */
    static String of(@Nullable Object given) {
        return given instanceof String text && WELL_FORMED.matcher(text).matches()
                ? text
                : "00-" + hex() + hex() + "-" + hex() + "-01";
    }

    private static String hex() {
        // Zero stands for no trace.
        return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE));
    }
}
