package dev.segno.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * Sends the lines of the log to a collector, one request each, from a thread of its own. Lines wait in a queue of fixed
 * length; what does not fit, and what the collector does not take within two seconds, is dropped and counted. Writing a
 * line never waits and never fails. Thread-safe.
 */
final class LogShipping extends AppenderBase<ILoggingEvent> {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_WAITING = 4096;
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final String ACCESS = "dev.segno.access";

    private final URI address;
    private final String service;
    private final BlockingQueue<Map<String, Object>> queue = new ArrayBlockingQueue<>(MOST_WAITING);
    private final LongAdder dropped = new LongAdder();
    private final Thread thread = new Thread(this::work, "segno-log-shipping");

    /** @param collector address of the collector, without {@code /logs} */
    LogShipping(URI collector, String service) {
        this.address = URI.create(collector.toString().replaceFirst("/+$", "") + "/logs");
        this.service = service;
        setName("COLLECTOR");
        thread.setDaemon(true);
    }

    long dropped() {
        return dropped.sum();
    }

    @Override
    public void start() {
        super.start();
        thread.start();
    }

    @Override
    protected void append(ILoggingEvent event) {
        // What sending itself has to say must not be sent.
        if (Thread.currentThread() != thread && !queue.offer(document(event))) {
            dropped.increment();
        }
    }

    private Map<String, Object> document(ILoggingEvent event) {
        Map<String, Object> context = new LinkedHashMap<>();
        context.put("logger", event.getLoggerName());
        context.put("at", event.getInstant().toString());
        context.putAll(event.getMDCPropertyMap());
        if (event.getKeyValuePairs() != null) {
            for (KeyValuePair pair : event.getKeyValuePairs()) {
                context.put(pair.key, pair.value);
            }
        }
        @Nullable IThrowableProxy thrown = event.getThrowableProxy();
        if (thrown != null) {
            context.put("error", thrown.getClassName() + ": " + thrown.getMessage());
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("service", service);
        document.put("level", event.getLevel().toString().toLowerCase(Locale.ROOT));
        document.put("message", event.getLoggerName().equals(ACCESS) ? "http_request" : event.getFormattedMessage());
        document.put("context", context);
        return document;
    }

    private void work() {
        HttpClient client = HttpClient.newBuilder()
                .connectTimeout(TIMEOUT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
        try {
            while (isStarted() || !queue.isEmpty()) {
                @Nullable Map<String, Object> next = queue.poll(200, TimeUnit.MILLISECONDS);
                if (next != null && !sent(client, next)) {
                    dropped.increment();
                }
            }
        } catch (InterruptedException e) {
            // Asked to end at once: what waits is lost, as it would be if the collector were away.
            dropped.add(queue.size());
        }
    }

    private boolean sent(HttpClient client, Map<String, Object> document) throws InterruptedException {
        try {
            HttpRequest request = HttpRequest.newBuilder(address)
                    .timeout(TIMEOUT)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(document)))
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() < 300;
        } catch (JsonProcessingException e) {
            return false;
        } catch (IOException e) {
            return false;
        }
    }

    /** Sends what waits, for a moment. */
    @Override
    public void stop() {
        super.stop();
        try {
            thread.join(TIMEOUT.toMillis());
            thread.interrupt();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
