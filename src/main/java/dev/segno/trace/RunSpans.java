package dev.segno.trace;

import dev.segno.run.Attempt;
import dev.segno.run.Run;
import dev.segno.run.RunState;
import dev.segno.run.StartHeaders;
import dev.segno.run.StepKey;
import dev.segno.run.TraceIds;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Derives the spans of one run: one for the run, one for each step, one for each call. A step that calls a service has the
 * service's name, as its calls have. Used by one thread.
 */
final class RunSpans {

    private static final String SELF = "orchestrator";
    private static final int MOST_ERROR = 500;

    private final Run run;
    private final List<TraceStore.RecordedStep> steps;
    private final List<Attempt> attempts;
    private final String traceId;
    private final String rootId;
    private final Set<String> keys = new HashSet<>();
    private final List<Span> spans = new ArrayList<>();

    RunSpans(Run run, List<TraceStore.RecordedStep> steps, List<Attempt> attempts) {
        this.run = run;
        this.steps = steps;
        this.attempts = attempts;
        this.traceId = StartHeaders.traceId(run);
        this.rootId = TraceIds.span(run.id());
    }

    Trace trace() {
        steps.stream().filter(RunSpans::isWork).forEach(step -> keys.add(step.key()));
        attempts.forEach(attempt -> keys.add(attempt.key().path()));
        spans.add(root());
        Set<String> recorded = new HashSet<>();
        for (TraceStore.RecordedStep step : steps) {
            if (isWork(step)) {
                recorded.add(step.key());
                add(step);
            }
        }
        Set<String> open = new TreeSet<>(keys);
        open.removeAll(recorded);
        open.forEach(this::addOpen);
        return new Trace(traceId, List.copyOf(spans));
    }

    private static boolean isWork(TraceStore.RecordedStep step) {
        return !step.kind().equalsIgnoreCase("saga");
    }

    private Span root() {
        Map<String, Object> tags = new LinkedHashMap<>();
        tags.put("saga_id", run.id());
        tags.put("run_id", run.id());
        tags.put("orchestration", run.orchestration());
        tags.put("steps_count", keys.size());
        String error = run.error() == null ? null : shortened(run.error().message());
        return new Span(
                rootId,
                traceId,
                null,
                SELF,
                "workflow_run",
                run.createdAt(),
                run.endedAt(),
                status(run.state()),
                tags,
                error);
    }

    private static Span.Status status(RunState state) {
        return switch (state) {
            case QUEUED -> Span.Status.STARTED;
            case RUNNING, WAITING, COMPENSATING -> Span.Status.IN_PROGRESS;
            case COMPLETED -> Span.Status.COMPLETED;
            case PARKED, BLOCKED, FAILED, CANCELLED, COMPENSATED -> Span.Status.FAILED;
        };
    }

    private void add(TraceStore.RecordedStep step) {
        List<Attempt> failed = failedAttempts(step.key());
        Instant start = failed.isEmpty() ? step.startedAt() : failed.get(0).startedAt();
        List<Call> calls = calls(step.changes());
        Map<String, Object> tags = new LinkedHashMap<>();
        tags.put("step", step.key());
        tags.put("attempts", step.attempt());
        @Nullable String error = step.error();
        Span.Status status = error == null ? Span.Status.COMPLETED : Span.Status.FAILED;
        String id = stepId(step.key());
        spans.add(new Span(
                id,
                traceId,
                parentOf(step.key()),
                SELF,
                operation(step.key()),
                start,
                step.endedAt(),
                status,
                tags,
                error == null ? null : shortened(error)));
        addFailedCalls(id, failed);
        int number = 0;
        for (Call call : calls) {
            spans.add(call.span(
                    TraceIds.span(run.id(), new StepKey(step.key() + '#' + step.attempt() + '.' + number++)),
                    traceId,
                    id,
                    step.attempt()));
        }
    }

    private void addOpen(String key) {
        List<Attempt> failed = failedAttempts(key);
        Attempt last = failed.get(failed.size() - 1);
        boolean standing = run.endedAt() != null;
        Map<String, Object> tags = new LinkedHashMap<>();
        tags.put("step", key);
        tags.put("attempts", last.number());
        String id = stepId(key);
        spans.add(new Span(
                id,
                traceId,
                parentOf(key),
                SELF,
                operation(key),
                failed.get(0).startedAt(),
                standing ? last.endedAt() : null,
                standing ? Span.Status.FAILED : Span.Status.IN_PROGRESS,
                tags,
                shortened(last.error().message())));
        addFailedCalls(id, failed);
    }

    private void addFailedCalls(String stepId, List<Attempt> failed) {
        for (Attempt attempt : failed) {
            FailedCall.of(attempt.error().message()).ifPresent(call -> spans.add(span(stepId, attempt, call)));
        }
    }

    private Span span(String stepId, Attempt attempt, FailedCall call) {
        Map<String, Object> tags = new LinkedHashMap<>();
        tags.put("http.method", call.method());
        tags.put("http.url", call.path());
        call.status().ifPresent(status -> tags.put("http.status_code", status));
        tags.put("attempt", attempt.number());
        return new Span(
                TraceIds.span(run.id(), new StepKey(attempt.key().path() + '#' + attempt.number())),
                traceId,
                stepId,
                call.service(),
                call.method() + " " + call.path(),
                attempt.startedAt(),
                attempt.endedAt(),
                call.late() ? Span.Status.TIMEOUT : Span.Status.FAILED,
                tags,
                shortened(attempt.error().message()));
    }

    /** A call as the record of its step has it. */
    private record Call(String service, String method, String url, int status, Instant start, Instant end) {
        Span span(String id, String traceId, String parent, int attempt) {
            Map<String, Object> tags = new LinkedHashMap<>();
            tags.put("http.method", method);
            tags.put("http.url", url);
            tags.put("http.status_code", status);
            tags.put("attempt", attempt);
            String path = url.replaceFirst("^[a-zA-Z]+://[^/]*", "");
            return new Span(
                    id,
                    traceId,
                    parent,
                    service,
                    method + " " + (path.isEmpty() ? "/" : path),
                    start,
                    end,
                    Span.Status.COMPLETED,
                    tags,
                    null);
        }
    }

    private static List<Call> calls(@Nullable String changes) {
        List<Call> calls = new ArrayList<>();
        if (changes != null
                && changes.contains("\"calls\"")
                && RecordedJson.object(changes).get("calls") instanceof List<?> list) {
            for (Object item : list) {
                if (item instanceof Map<?, ?> call
                        && call.get("at") instanceof Number at
                        && call.get("ms") instanceof Number ms
                        && call.get("status") instanceof Number status) {
                    Instant start = Instant.ofEpochMilli(at.longValue());
                    calls.add(new Call(
                            String.valueOf(call.get("service")),
                            String.valueOf(call.get("method")),
                            String.valueOf(call.get("url")),
                            status.intValue(),
                            start,
                            start.plusMillis(ms.longValue())));
                }
            }
        }
        return calls;
    }

    private List<Attempt> failedAttempts(String key) {
        return attempts.stream()
                .filter(attempt -> attempt.key().path().equals(key))
                .toList();
    }

    private String stepId(String key) {
        return TraceIds.span(run.id(), new StepKey(key));
    }

    /** The nearest step around it; the run itself where there is none. */
    private String parentOf(String key) {
        for (int slash = key.lastIndexOf('/'); slash > 0; slash = key.lastIndexOf('/', slash - 1)) {
            String outer = key.substring(0, slash);
            if (keys.contains(outer)) {
                return stepId(outer);
            }
        }
        return rootId;
    }

    private static String operation(String key) {
        return key.substring(key.lastIndexOf('/') + 1);
    }

    private static String shortened(String text) {
        return text.length() > MOST_ERROR ? text.substring(0, MOST_ERROR) + "…" : text;
    }
}
