package dev.segno.telemetry;

import dev.segno.camel.service.MadeCall;
import dev.segno.run.Run;
import dev.segno.run.RunState;
import dev.segno.run.RunStore;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends spans to a collector by OTLP over HTTP. The one class that makes the exporter of OpenTelemetry, so that nothing of
 * it is loaded where it is off. Used by one thread.
 */
final class SpanSender implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SpanSender.class);

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int SPANS_AT_ONCE = 512;

    private final OtlpHttpSpanExporter exporter;
    private final RunSpans spans;
    private final LongAdder dropped;
    private final List<SpanData> waiting = new ArrayList<>();
    private boolean failing;

    /** @param dropped counts the spans that the collector did not take */
    SpanSender(String endpoint, Map<String, String> headers, String service, RunStore store, LongAdder dropped) {
        this.dropped = dropped;
        this.spans = new RunSpans(
                store,
                Resource.builder()
                        .put(AttributeKey.stringKey("service.name"), service)
                        .build());
        // Without tries of its own: they would hold up what comes after, and a collector that comes back gets the next.
        this.exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint(endpoint + "/v1/traces")
                .setTimeout(TIMEOUT)
                .setConnectTimeout(TIMEOUT)
                .setRetryPolicy(null)
                .setHeaders(() -> headers)
                .build();
    }

    void add(MadeCall call) {
        add(List.of(spans.of(call)));
    }

    void add(Run run, RunState state, Instant at) {
        spans.of(run, state, at, this::add);
    }

    private void add(List<SpanData> some) {
        waiting.addAll(some);
        while (waiting.size() >= SPANS_AT_ONCE) {
            send(waiting.subList(0, SPANS_AT_ONCE));
        }
    }

    /** Sends what has gathered. */
    void flush() {
        if (!waiting.isEmpty()) {
            send(waiting);
        }
    }

    private void send(List<SpanData> some) {
        CompletableResultCode sent =
                exporter.export(List.copyOf(some)).join(TIMEOUT.plusSeconds(1).toMillis(), TimeUnit.MILLISECONDS);
        if (sent.isSuccess()) {
            if (failing) {
                LOG.info("The collector of spans takes them again");
            }
            failing = false;
        } else {
            dropped.add(some.size());
            if (!failing) {
                LOG.warn("The collector of spans does not take them; they are dropped until it does");
            }
            failing = true;
        }
        some.clear();
    }

    @Override
    public void close() {
        exporter.shutdown().join(1, TimeUnit.SECONDS);
    }
}
