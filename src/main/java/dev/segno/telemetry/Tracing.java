package dev.segno.telemetry;

import dev.segno.camel.service.CallObserver;
import dev.segno.camel.service.MadeCall;
import dev.segno.control.Settings;
import dev.segno.control.SettingsCatalog;
import dev.segno.control.SettingsException;
import dev.segno.run.Run;
import dev.segno.run.RunObserver;
import dev.segno.run.RunState;
import dev.segno.run.RunStore;
import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells an OpenTelemetry collector of runs, steps and calls, if one is named. What it is told waits in a queue of fixed
 * length for a thread of its own; what does not fit is dropped and counted. So a collector that hangs or is away costs no
 * run anything. Thread-safe.
 */
public final class Tracing implements RunObserver, CallObserver, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Tracing.class);

    /** Runs and calls that wait to be sent; each is small, since a run is read from the journal only then. */
    private static final int MOST_WAITING = 4096;

    private static final long PAUSE_MILLIS = 200;
    private static final long MOST_TO_STOP_MILLIS = 3_000;

    private final BlockingQueue<Object> queue = new ArrayBlockingQueue<>(MOST_WAITING);
    private final LongAdder dropped;
    private final Thread thread;
    private volatile boolean closing;

    private record Ended(Run run, RunState state, Instant at) {}

    private Tracing(LongAdder dropped, Supplier<SpanSender> sender) {
        this.dropped = dropped;
        thread = new Thread(() -> work(sender), "segno-spans");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * What the settings ask for; empty when they name no collector.
     *
     * @throws SettingsException when the collector's address is no URL, or its headers have another form
     */
    public static Optional<Tracing> from(Settings settings, RunStore store) {
        Optional<String> named = settings.find(SettingsCatalog.OTLP_ENDPOINT)
                .or(() -> settings.find(SettingsCatalog.OTEL_EXPORTER_OTLP_ENDPOINT));
        if (named.isEmpty()) {
            return Optional.empty();
        }
        String endpoint = endpoint(named.get());
        Map<String, String> headers = headers(
                settings.find(SettingsCatalog.OTEL_EXPORTER_OTLP_HEADERS).orElse(""));
        String service = settings.get(SettingsCatalog.OTEL_SERVICE_NAME);
        LongAdder dropped = new LongAdder();
        return Optional.of(new Tracing(dropped, () -> new SpanSender(endpoint, headers, service, store, dropped)));
    }

    private static String endpoint(String text) {
        try {
            URI uri = URI.create(text);
            if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null) {
                return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
            }
        } catch (IllegalArgumentException e) {
            // Answered below.
        }
        throw new SettingsException("setting SEGNO_OTLP_ENDPOINT must be the address of a collector, such as"
                + " http://127.0.0.1:4318, not \"" + text + "\"");
    }

    private static Map<String, String> headers(String text) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String pair : text.split(",")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                headers.put(
                        pair.substring(0, equals).strip(),
                        pair.substring(equals + 1).strip());
            } else if (!pair.isBlank()) {
                throw new SettingsException(
                        "setting OTEL_EXPORTER_OTLP_HEADERS must have the form name=value,name=value");
            }
        }
        return headers;
    }

    /** Runs and calls that found no place in the queue, and spans that the collector did not take. */
    public long dropped() {
        return dropped.sum();
    }

    @Override
    public void ended(Run run, RunState state, Instant at) {
        offer(new Ended(run, state, at));
    }

    @Override
    public void made(MadeCall call) {
        offer(call);
    }

    private void offer(Object what) {
        if (!queue.offer(what)) {
            dropped.increment();
        }
    }

    private void work(Supplier<SpanSender> opened) {
        try (SpanSender sender = opened.get()) {
            while (!closing || !queue.isEmpty()) {
                Object next = queue.poll(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
                if (next == null) {
                    sender.flush();
                } else {
                    add(sender, next);
                }
            }
            sender.flush();
        } catch (InterruptedException e) {
            LOG.info("Stopping with spans that were not sent");
        }
    }

    private void add(SpanSender sender, Object next) {
        try {
            if (next instanceof Ended ended) {
                sender.add(ended.run(), ended.state(), ended.at());
            } else if (next instanceof MadeCall call) {
                sender.add(call);
            }
        } catch (RuntimeException e) {
            dropped.increment();
            LOG.warn("Spans were not made: {}", e.toString());
        }
    }

    /** Sends what waits, for a moment. To be called before the store closes. */
    @Override
    public void close() {
        closing = true;
        try {
            thread.join(MOST_TO_STOP_MILLIS);
            if (thread.isAlive()) {
                thread.interrupt();
                thread.join(MOST_TO_STOP_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
