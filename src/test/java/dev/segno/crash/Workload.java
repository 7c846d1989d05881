package dev.segno.crash;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.segno.spec.JsonClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Clients that start one run after the other of each route, over HTTP and whatever becomes of the server: a start that
 * was not acknowledged is repeated with its key. They note what the server acknowledged and showed. Thread-safe.
 */
final class Workload implements AutoCloseable {

    /** Longer than any test kills: what ends a test is the time that runs have after the last start. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private static final Duration BETWEEN_TRIES = Duration.ofMillis(100);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);
    private static final List<String> OPEN = List.of("QUEUED", "RUNNING", "WAITING", "COMPENSATING");

    /** A start that the server acknowledged. */
    record Started(CrashRoute route, String startKey, String runId) {}

    /** A record of a step that the server showed, and when it had. */
    record Sighting(String runId, String stepKey, long atNanos) {}

    private final JsonClient client;
    private final SignalClient signals;
    private final ExecutorService threads;
    private final Map<String, Started> started = new ConcurrentHashMap<>();
    /** What clients wait for, by start key. */
    private final Map<String, String> underWay = new ConcurrentHashMap<>();

    private final Queue<Sighting> sightings = new ConcurrentLinkedQueue<>();
    private final List<CompletableFuture<Void>> clients = new ArrayList<>();
    private volatile boolean enough;

    Workload(JsonClient client) {
        this.client = client;
        this.signals = new SignalClient(client, this::look);
        this.threads = Executors.newCachedThreadPool();
    }

    /** Begins to start runs of these routes, several of each at the same time. */
    void begin(Collection<CrashRoute> routes, int clientsPerRoute) {
        for (CrashRoute route : routes) {
            for (int number = 0; number < clientsPerRoute; number++) {
                String prefix = route.name() + '-' + number + '-';
                clients.add(CompletableFuture.runAsync(() -> startOneAfterTheOther(route, prefix), threads));
            }
        }
    }

    /**
     * Starts no more, and waits until all runs have ended.
     *
     * @throws AssertionError when one has not by then, or ended otherwise than completed
     */
    void finish(Duration atMost) throws Exception {
        enough = true;
        try {
            CompletableFuture.allOf(clients.toArray(CompletableFuture[]::new))
                    .get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("Not ended: " + underWay, e);
        }
    }

    /** Fails at once if a client has already met something that must not be. */
    void check() {
        clients.stream().filter(CompletableFuture::isCompletedExceptionally).forEach(CompletableFuture::join);
    }

    Collection<Started> started() {
        return List.copyOf(started.values());
    }

    Collection<Sighting> sightings() {
        return List.copyOf(sightings);
    }

    private void startOneAfterTheOther(CrashRoute route, String prefix) {
        for (int number = 0; !enough; number++) {
            String startKey = prefix + number;
            String runId = start(route, startKey);
            started.put(startKey, new Started(route, startKey, runId));
            underWay.put(startKey, runId);
            signals.send(route, runId, number % 2 == 0);
            JsonNode run = await(startKey + " (" + runId + ") has ended")
                    .atMost(PATIENCE)
                    .pollInterval(BETWEEN_LOOKS)
                    .until(
                            () -> {
                                JsonNode seen = look(runId);
                                underWay.put(startKey, runId + ": " + seen);
                                return seen;
                            },
                            seen -> !OPEN.contains(seen.path("state").asText()));
            if (!route.mayEndAs(run.path("state").asText())) {
                throw new AssertionError("Not ended as it may: " + run);
            }
            signals.sendTooLate(route, runId);
            underWay.remove(startKey);
        }
    }

    /** Starts a run, or finds the one of the same key, however often the server has to be asked. */
    String start(CrashRoute route, String startKey) {
        return await(startKey + " is acknowledged")
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(BETWEEN_TRIES)
                .until(() -> tryStart(route, startKey), id -> !id.isEmpty());
    }

    private String tryStart(CrashRoute route, String startKey) throws InterruptedException {
        JsonClient.Reply reply = answered(() -> client.post(
                "/api/orchestrations/" + route.name() + "/runs", CrashRoute.INPUT, "Idempotency-Key", startKey));
        if (reply == null || reply.status() == 503) {
            return "";
        }
        if (reply.status() != 202) {
            throw new AssertionError("Start of " + startKey + ": " + reply);
        }
        return reply.body().path("id").asText();
    }

    /**
     * Waits until no run is open, also of those that no client has started.
     *
     * @throws org.awaitility.core.ConditionTimeoutException when one is by then
     */
    void awaitNoneOpen(Duration atMost) {
        await("no run is open").atMost(atMost).pollInterval(BETWEEN_TRIES).until(() -> {
            for (String state : OPEN) {
                JsonClient.Reply reply = client.get("/api/runs?limit=1&state=" + state);
                if (reply.status() != 200 || !reply.body().path("runs").isEmpty()) {
                    return false;
                }
            }
            return true;
        });
    }

    /** How a run is shown now; as one that is open, when the server does not answer. */
    JsonNode look(String runId) throws InterruptedException {
        JsonClient.Reply reply = answered(() -> client.get("/api/runs/" + runId));
        if (reply == null || reply.status() == 503) {
            return JsonClient.parse("{\"state\":\"RUNNING\"}");
        }
        if (reply.status() != 200) {
            throw new AssertionError("Lost: run " + runId + " was acknowledged, and is shown as " + reply);
        }
        long now = System.nanoTime();
        for (JsonNode step : reply.body().path("steps")) {
            String state = step.path("state").asText();
            if (state.equals("COMPLETED") || state.equals("HANDLED")) {
                sightings.add(new Sighting(runId, step.path("key").asText(), now));
            }
        }
        return reply.body();
    }

    /** A request that may meet no server. */
    interface Request {
        JsonClient.Reply send() throws IOException, InterruptedException;
    }

    static JsonClient.@Nullable Reply answered(Request request) throws InterruptedException {
        try {
            return request.send();
        } catch (IOException e) {
            return null; // killed, or not yet back
        }
    }

    @Override
    public void close() {
        enough = true;
        threads.shutdownNow();
    }
}
