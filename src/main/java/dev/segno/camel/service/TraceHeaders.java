package dev.segno.camel.service;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.apache.camel.Message;

/** The headers by which a call is found again in other systems' logs and traces. */
final class TraceHeaders {

    private static final Pattern TRACE_PARENT = Pattern.compile("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");
    private static final int SPAN_CHARACTERS = 16;

    private TraceHeaders() {}

    /** The trace that came with the message, continued by a span of its own; otherwise a new one. */
    static String traceParent(Message message) {
        String given = message.getHeader("traceparent", String.class);
        String trace = given != null && TRACE_PARENT.matcher(given).matches()
                ? given.substring(0, "00-".length() + 32)
                : "00-" + hex() + hex();
        return trace + '-' + hex() + "-01";
    }

    private static String hex() {
        String hex = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        return hex.substring(0, SPAN_CHARACTERS);
    }
}
