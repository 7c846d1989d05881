package dev.segno.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;

/** The headers that a run was started with, by which it is found again. Stateless, hence safe for concurrent use. */
public final class StartHeaders {

    private static final String CORRELATION = "X-Correlation-ID";
    private static final ObjectMapper JSON = new ObjectMapper();

    private StartHeaders() {}

    /** What the run belongs to in the eyes of its caller; its own id where the caller said nothing. */
    public static String correlationId(Run run) {
        return find(run, CORRELATION).filter(text -> !text.isEmpty()).orElse(run.id());
    }

    /** The trace that the run belongs to: the one that it was started in, else one of its own. */
    public static String traceId(Run run) {
        return TraceIds.trace(traceParent(run).orElse(null), run.id());
    }

    /** The trace and span of the caller, as they came; empty for none. */
    public static Optional<String> traceParent(Run run) {
        return find(run, TraceIds.HEADER);
    }

    private static Optional<String> find(Run run, String name) {
        String headers = run.headers();
        if (headers == null) {
            return Optional.empty();
        }
        try {
            return JSON.readTree(headers).properties().stream()
                    .filter(header -> header.getKey().equalsIgnoreCase(name))
                    .map(header -> header.getValue().asText())
                    .findFirst();
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
