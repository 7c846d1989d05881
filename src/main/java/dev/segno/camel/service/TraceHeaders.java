package dev.segno.camel.service;

import dev.segno.run.TraceIds;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/** The headers by which a call is found again in other systems' logs and traces. */
final class TraceHeaders {

    private TraceHeaders() {}

    /**
     * The trace that came with the message, else that of the run, continued by a span of its own.
     *
     * @param runId the run that makes the call; null for none: then the call is a trace of its own
     */
    static String traceParent(Message message, @Nullable String runId) {
        String given = message.getHeader(TraceIds.HEADER, String.class);
        return "00-" + TraceIds.trace(given, runId == null ? hex() : runId) + '-' + hex() + "-01";
    }

    private static String hex() {
        // Zero stands for no span.
        return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE));
    }
}
