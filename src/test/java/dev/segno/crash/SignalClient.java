package dev.segno.crash;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.segno.spec.JsonClient;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sends the signals that the runs of a route wait for, whatever becomes of the server, and each of them twice. It fails when
 * an answer is none that could be. Thread-safe.
 */
final class SignalClient {

    /** Longer than any test kills: what ends a test is the time that runs have after the last start. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private static final Duration BETWEEN_TRIES = Duration.ofMillis(50);
    private static final String ENDED = "410";

    private final JsonClient client;
    private final Look look;

    /** Shows a run as it is. */
    interface Look {
        JsonNode at(String runId) throws InterruptedException;
    }

    SignalClient(JsonClient client, Look look) {
        this.client = client;
        this.look = look;
    }

    /**
     * Sends all signals of a run, one after the other, and each again under the same id.
     *
     * @param early whether to send them at once, or each when the run waits for it
     */
    void send(CrashRoute route, String runId, boolean early) {
        List<String> awaits = route.waits().signals();
        for (int number = 0; number < awaits.size(); number++) {
            String key = awaits.get(number);
            if (!early) {
                await(runId + " waits at " + key)
                        .atMost(PATIENCE)
                        .pollInterval(BETWEEN_TRIES)
                        .until(() -> look.at(runId)
                                .path("waiting")
                                .path("key")
                                .asText()
                                .equals(key));
            }
            AtomicInteger tries = new AtomicInteger();
            String first = send(runId, number, tries);
            boolean last = number == awaits.size() - 1;
            boolean isNew = List.of("delivered", "kept").contains(first);
            boolean wasTaken = first.equals("duplicate") || (first.equals(ENDED) && last);
            if (!isNew && !(tries.get() > 1 && wasTaken)) {
                throw new AssertionError(runId + " answered " + first + " to signal " + number);
            }
            String second = send(runId, number, new AtomicInteger());
            if (!second.equals("duplicate") && !(second.equals(ENDED) && last)) {
                throw new AssertionError(runId + " answered " + second + " to signal " + number + ", sent again");
            }
        }
    }

    /** Sends a signal to a run that has ended, if it is one that waits for signals. */
    void sendTooLate(CrashRoute route, String runId) {
        int number = route.waits().signals().size();
        if (number == 0) {
            return;
        }
        String outcome = send(runId, number, new AtomicInteger());
        if (!outcome.equals(ENDED)) {
            throw new AssertionError(runId + " has ended, and answered " + outcome + " to a signal");
        }
    }

    private String send(String runId, int number, AtomicInteger tries) {
        return await("signal " + number + " of " + runId + " is acknowledged")
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(BETWEEN_TRIES)
                .until(trySending(runId, number, tries), outcome -> !outcome.isEmpty());
    }

    private Callable<String> trySending(String runId, int number, AtomicInteger tries) {
        return () -> {
            tries.incrementAndGet();
            JsonClient.Reply reply = Workload.answered(() -> client.post(
                    "/api/runs/" + runId + "/signals/answered",
                    "{\"number\":" + number + "}",
                    "Idempotency-Key",
                    "signal-" + number));
            if (reply == null || reply.status() == 503) {
                return "";
            }
            return reply.status() == 202
                    ? Objects.requireNonNull(reply.body().path("outcome").asText())
                    : String.valueOf(reply.status());
        };
    }
}
