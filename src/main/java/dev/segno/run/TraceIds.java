package dev.segno.run;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The ids of runs, steps and calls in traces (W3C Trace Context). Those of runs and steps follow from the ids that the journal
 * has, so whoever asks, and whenever, finds the same ones. Stateless, hence safe for concurrent use.
 */
public final class TraceIds {

    /** Name of the header by which a trace is passed on. */
    public static final String HEADER = "traceparent";

    private static final Pattern TRACE_PARENT =
            Pattern.compile("00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}");

    private static final int TRACE_BYTES = 16;
    private static final int SPAN_BYTES = 8;

    private TraceIds() {}

    /**
     * The trace of a run: the one that came with its start, else one of its own.
     *
     * @param traceParent header that came with the start; null for none, and of no effect when it is not well-formed
     */
    public static String trace(@Nullable String traceParent, String runId) {
        return part(traceParent, 1).orElseGet(() -> hex(runId, TRACE_BYTES));
    }

    /** The span of a caller in a header; empty when the header is not well-formed. */
    public static Optional<String> callerSpan(@Nullable String traceParent) {
        return part(traceParent, 2);
    }

    /** The span of a run. */
    public static String span(String runId) {
        return hex(runId + '/', SPAN_BYTES);
    }

    /** The span of a step of a run. */
    public static String span(String runId, StepKey step) {
        return hex(runId + '/' + step.path(), SPAN_BYTES);
    }

    /** The header for what a step of a run starts. */
    public static String under(@Nullable String traceParent, String runId, StepKey step) {
        return "00-" + trace(traceParent, runId) + '-' + span(runId, step) + "-01";
    }

    /** The given header if it is well-formed, else that of a new trace. */
    public static String givenOrNew(@Nullable String traceParent) {
        return traceParent != null && TRACE_PARENT.matcher(traceParent).matches()
                ? traceParent
                : "00-" + random() + random() + '-' + random() + "-01";
    }

    /**
     * The header for one call: the trace that came, else that of the run, continued by a span of its own.
     *
     * @param runId the run that makes the call; null for none: then the call is a trace of its own
     */
    public static String call(@Nullable String traceParent, @Nullable String runId) {
        return "00-" + trace(traceParent, runId == null ? random() : runId) + '-' + random() + "-01";
    }

    private static String random() {
        // Zero stands for none.
        return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE));
    }

    private static Optional<String> part(@Nullable String traceParent, int group) {
        if (traceParent == null) {
            return Optional.empty();
        }
        Matcher matcher = TRACE_PARENT.matcher(traceParent);
        return matcher.matches() ? Optional.of(matcher.group(group)) : Optional.empty();
    }

    private static String hex(String text, int bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
