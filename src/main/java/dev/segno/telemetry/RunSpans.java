package dev.segno.telemetry;

import dev.segno.camel.service.MadeCall;
import dev.segno.run.Attempt;
import dev.segno.run.Run;
import dev.segno.run.RunState;
import dev.segno.run.RunStore;
import dev.segno.run.StartHeaders;
import dev.segno.run.StepError;
import dev.segno.run.StepKey;
import dev.segno.run.StepRecord;
import dev.segno.run.TraceIds;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Makes spans of what the journal has. A run is sent when it ends or stands; one that stands and goes on is sent again with
 * what it did since, under a span of its own beneath the first. Used by one thread.
 */
final class RunSpans {

    private static final int RECORDS_AT_ONCE = 500;
    private static final int MOST_REMEMBERED = 10_000;

    private static final AttributeKey<String> RUN = AttributeKey.stringKey("segno.run");
    private static final AttributeKey<String> ORCHESTRATION = AttributeKey.stringKey("segno.orchestration");
    private static final AttributeKey<String> VERSION = AttributeKey.stringKey("segno.version");
    private static final AttributeKey<String> STATE = AttributeKey.stringKey("segno.state");
    private static final AttributeKey<String> STEP = AttributeKey.stringKey("segno.step");
    private static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("segno.attempt");
    private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
    private static final AttributeKey<String> URL = AttributeKey.stringKey("url.full");
    private static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
    private static final AttributeKey<String> PEER = AttributeKey.stringKey("peer.service");
    private static final AttributeKey<String> MESSAGE = AttributeKey.stringKey("exception.message");
    private static final AttributeKey<String> TYPE = AttributeKey.stringKey("exception.type");

    private final RunStore store;
    private final Resource resource;

    /** Runs that stood when they were sent: the last of their records that was. */
    private final Map<String, Sent> standing = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Sent> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };

    private record Sent(long sequence, Instant at, int retries) {}

    RunSpans(RunStore store, Resource resource) {
        this.store = store;
        this.resource = resource;
    }

    /** The span of a call. */
    SpanData of(MadeCall call) {
        String trace = call.traceParent().substring(3, 35);
        String span = call.traceParent().substring(36, 52);
        String runId = call.runId();
        StepKey step = call.step();
        String parent = runId == null ? null : step == null ? TraceIds.span(runId) : TraceIds.span(runId, step);
        var attributes = Attributes.builder()
                .put(PEER, call.service())
                .put(METHOD, call.method())
                .put(URL, call.url());
        if (call.status() > 0) {
            attributes.put(STATUS, (long) call.status());
        }
        if (runId != null && step != null) {
            attributes.put(RUN, runId).put(STEP, step.path());
        }
        attributes.put(ATTEMPT, (long) call.attempt());
        return new FinishedSpan(
                resource,
                call.method() + ' ' + call.service(),
                SpanKind.CLIENT,
                FinishedSpan.context(trace, span),
                FinishedSpan.context(trace, parent),
                call.startedAt(),
                call.endedAt(),
                call.failed() ? StatusData.error() : StatusData.unset(),
                attributes.build(),
                List.of());
    }

    /**
     * The spans of a run.
     *
     * @param send takes some of them at a time
     */
    void of(Run run, RunState state, Instant at, Consumer<List<SpanData>> send) {
        String given = StartHeaders.traceParent(run).orElse(null);
        String trace = TraceIds.trace(given, run.id());
        Sent before = standing.remove(run.id());
        String root = TraceIds.span(before == null ? run.id() : run.id() + '#' + before.sequence());
        String above = before == null ? TraceIds.callerSpan(given).orElse(null) : TraceIds.span(run.id());
        Map<StepKey, List<Attempt>> failed =
                store.attempts(run.id()).stream().collect(Collectors.groupingBy(Attempt::key));
        long sequence = before == null ? 0 : before.sequence();
        for (List<RunStore.SequencedRecord> page = page(run, sequence); !page.isEmpty(); page = page(run, sequence)) {
            List<SpanData> spans = new ArrayList<>();
            for (RunStore.SequencedRecord found : page) {
                StepRecord record = found.record();
                List<Attempt> attempts = failed.getOrDefault(record.key(), List.of());
                failed.remove(record.key());
                spans.add(step(run, trace, root, record, attempts));
            }
            sequence = page.get(page.size() - 1).sequence();
            send.accept(spans);
        }
        List<SpanData> last = new ArrayList<>();
        failed.forEach((key, attempts) -> {
            if (before == null || attempts.get(attempts.size() - 1).retry() > before.retries()) {
                last.add(open(run, trace, root, key, attempts));
            }
        });
        last.add(new FinishedSpan(
                resource,
                run.orchestration(),
                SpanKind.SERVER,
                FinishedSpan.context(trace, root),
                FinishedSpan.context(trace, above),
                before == null ? run.createdAt() : before.at(),
                at,
                state == RunState.COMPLETED
                        ? StatusData.ok()
                        : error(store.find(run.id()).orElse(run)),
                Attributes.of(
                        RUN, run.id(), ORCHESTRATION, run.orchestration(), VERSION, run.version(), STATE, state.name()),
                List.of()));
        send.accept(last);
        if (!state.isFinal()) {
            standing.put(run.id(), new Sent(sequence, at, run.retries()));
        }
    }

    private List<RunStore.SequencedRecord> page(Run run, long after) {
        return store.journalAfter(run.id(), after, RECORDS_AT_ONCE);
    }

    private static StatusData error(Run run) {
        StepError error = run.error();
        return StatusData.create(io.opentelemetry.api.trace.StatusCode.ERROR, error == null ? "" : error.message());
    }

    private SpanData step(Run run, String trace, String root, StepRecord record, List<Attempt> attempts) {
        boolean handled = record.outcome() instanceof StepRecord.HandledFailure;
        return span(
                run,
                trace,
                root,
                record.key(),
                attempts.isEmpty() ? record.startedAt() : attempts.get(0).startedAt(),
                record.endedAt(),
                handled ? StatusData.error() : StatusData.ok(),
                record.attempt(),
                attempts);
    }

    /** A step that failed and has no record. */
    private SpanData open(Run run, String trace, String root, StepKey key, List<Attempt> attempts) {
        Attempt last = attempts.get(attempts.size() - 1);
        StatusData status = StatusData.create(
                io.opentelemetry.api.trace.StatusCode.ERROR, last.error().message());
        return span(
                run, trace, root, key, attempts.get(0).startedAt(), last.endedAt(), status, last.number(), attempts);
    }

    private SpanData span(
            Run run,
            String trace,
            String root,
            StepKey key,
            Instant startedAt,
            Instant endedAt,
            StatusData status,
            int attempt,
            List<Attempt> attempts) {
        return new FinishedSpan(
                resource,
                key.stepId(),
                SpanKind.INTERNAL,
                FinishedSpan.context(trace, TraceIds.span(run.id(), key)),
                FinishedSpan.context(trace, root),
                startedAt,
                endedAt,
                status,
                Attributes.of(
                        RUN, run.id(), ORCHESTRATION, run.orchestration(), STEP, key.path(), ATTEMPT, (long) attempt),
                attempts.stream().map(RunSpans::event).toList());
    }

    private static EventData event(Attempt attempt) {
        return EventData.create(
                FinishedSpan.nanos(attempt.endedAt()),
                "exception",
                Attributes.of(
                        ATTEMPT,
                        (long) attempt.number(),
                        TYPE,
                        attempt.error().type(),
                        MESSAGE,
                        attempt.error().message()));
    }
}
