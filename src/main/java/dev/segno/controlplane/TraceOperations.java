package dev.segno.controlplane;

import dev.segno.trace.Span;
import dev.segno.trace.Trace;
import dev.segno.trace.Traces;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Traces by their ids and by the services in them. Thread-safe. */
final class TraceOperations {

    private static final int MAX_ID = 255;
    private static final int MAX_NAME = 100;
    private static final int DEFAULT_LIMIT = 100;

    private final Traces traces;

    TraceOperations(Traces traces) {
        this.traces = traces;
    }

    void addTo(Map<String, ControlOperation> operations) {
        operations.put("tracing-stats", this::statistics);
        operations.put("tracing-trace", this::trace);
        operations.put("tracing-service", this::service);
    }

    private ControlAnswer statistics(ControlRequest request) {
        List<Trace> all = traces.recent();
        List<Trace> ended =
                all.stream().filter(trace -> !isActive(trace.status())).toList();
        long failed = ended.stream()
                .filter(trace -> trace.status() != Span.Status.COMPLETED)
                .count();
        double averageMs = ended.stream()
                .mapToLong(trace -> trace.duration().toMillis())
                .average()
                .orElse(0);
        return ControlAnswer.flat(JsonTree.of(
                "total_traces",
                all.size(),
                "active_traces",
                all.size() - ended.size(),
                "completed_traces",
                ended.size() - failed,
                "failed_traces",
                failed,
                "total_spans",
                all.stream().mapToInt(trace -> trace.spans().size()).sum(),
                "avg_trace_duration",
                averageMs / 1000,
                "avg_duration_ms",
                averageMs,
                "error_rate",
                ended.isEmpty() ? 0.0 : (double) failed / ended.size()));
    }

    private static boolean isActive(Span.Status status) {
        return status == Span.Status.STARTED || status == Span.Status.IN_PROGRESS;
    }

    private ControlAnswer trace(ControlRequest request) {
        String id = Wrong.within(request, "trace_id", MAX_ID);
        Optional<Trace> found = traces.find(id);
        return ControlAnswer.flat(JsonTree.of(
                "trace_id",
                found.map(Trace::id).orElse(id),
                "found",
                found.isPresent(),
                "status",
                found.map(trace -> word(trace.status())).orElse(null),
                "duration_ms",
                found.map(trace -> trace.duration().toMillis()).orElse(null),
                "spans",
                found.map(trace -> trace.spans().stream()
                                .map(TraceOperations::document)
                                .toList())
                        .orElse(List.of())));
    }

    private ControlAnswer service(ControlRequest request) {
        String name = Wrong.within(request, "service_name", MAX_NAME);
        int limit = request.number("limit", DEFAULT_LIMIT);
        List<Map<String, @Nullable Object>> spans = new ArrayList<>();
        Map<String, Map<String, @Nullable Object>> of = new LinkedHashMap<>();
        int total = 0;
        for (Trace trace : traces.recent()) {
            for (Span span : trace.spans()) {
                if (span.service().equals(name)) {
                    total++;
                    if (spans.size() < limit) {
                        spans.add(document(span));
                        of.computeIfAbsent(trace.id(), id -> summary(trace));
                    }
                }
            }
        }
        return ControlAnswer.flat(JsonTree.of(
                "service",
                name,
                "service_name",
                name,
                "spans",
                spans,
                "traces",
                List.copyOf(of.values()),
                "total",
                total));
    }

    private static Map<String, @Nullable Object> summary(Trace trace) {
        return JsonTree.of(
                "trace_id", trace.id(), "duration_ms", trace.duration().toMillis(), "status", word(trace.status()));
    }

    private static Map<String, @Nullable Object> document(Span span) {
        Duration duration = span.duration();
        return JsonTree.of(
                "span_id",
                span.id(),
                "trace_id",
                span.traceId(),
                "parent_span_id",
                span.parentId(),
                "service_name",
                span.service(),
                "operation_name",
                span.operation(),
                "start_time",
                JsonTree.seconds(span.start()),
                "end_time",
                JsonTree.seconds(span.end()),
                "duration",
                span.end() == null ? null : duration.toMillis() / 1000.0,
                "status",
                word(span.status()),
                "tags",
                span.tags(),
                "logs",
                List.of(),
                "error",
                span.error());
    }

    private static String word(Span.Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }
}
