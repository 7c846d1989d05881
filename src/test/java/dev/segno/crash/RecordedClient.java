package dev.segno.crash;

import static org.awaitility.Awaitility.await;

import dev.segno.crash.Operation.Answer;
import dev.segno.crash.Operation.Kind;
import dev.segno.run.RunState;
import dev.segno.spec.JsonClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Asks for things at random, of a few runs at a time that it shares with its other threads, and notes what it was told and
 * when. Its runs are of {@code conversation}. Thread-safe.
 */
final class RecordedClient {

    private static final Duration TIME_TO_END = Duration.ofSeconds(60);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);
    private static final String ROUTE = "/api/orchestrations/conversation/runs";

    /** So many keys are in use at a time, and so many of a hundred operations begin with a new one. */
    private static final int KEYS_AT_A_TIME = 6;

    private static final int NEW_KEYS = 8;
    private static final int SIGNAL_IDS = 3;

    private final JsonClient client;
    private final String prefix;
    private final AtomicInteger newest = new AtomicInteger();
    private final Map<String, String> runs = new ConcurrentHashMap<>();
    private final Queue<Operation> operations = new ConcurrentLinkedQueue<>();

    /** @param prefix of all start keys */
    RecordedClient(JsonClient client, String prefix) {
        this.client = client;
        this.prefix = prefix;
    }

    Collection<Operation> operations() {
        return List.copyOf(operations);
    }

    /** Works until a time of {@link System#nanoTime}. */
    void work(Random random, long until) {
        while (System.nanoTime() < until) {
            int chance = random.nextInt(100);
            int key = Math.max(
                    0, chance < NEW_KEYS ? newest.incrementAndGet() : newest.get() - random.nextInt(KEYS_AT_A_TIME));
            String run = runs.get(prefix + key);
            if (run == null || chance < 20) {
                start(prefix + key);
            } else if (chance < 45) {
                signal(run, "signal-" + random.nextInt(SIGNAL_IDS));
            } else if (chance < 55) {
                cancel(run);
            } else {
                read(run);
            }
        }
    }

    /** Sends a signal to every run, and looks at each until it has ended. */
    void endAll() {
        for (String run : runs.values()) {
            signal(run, "last");
            await(run + " has ended")
                    .atMost(TIME_TO_END)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(BETWEEN_LOOKS)
                    .until(() -> read(run).isFinal());
        }
    }

    private void start(String key) {
        long askedAt = System.nanoTime();
        JsonClient.Reply reply = reply(() -> client.post(ROUTE, CrashRoute.INPUT, "Idempotency-Key", key));
        String run = require(reply, 202).body().path("id").asText();
        note(Kind.START, run, key, Answer.OK, Optional.empty(), askedAt);
        runs.putIfAbsent(key, run);
    }

    private void signal(String run, String id) {
        long askedAt = System.nanoTime();
        JsonClient.Reply reply = reply(() -> client.post(
                "/api/runs/" + run + "/signals/answered", "{\"id\":\"" + id + "\"}", "Idempotency-Key", id));
        Answer answer = reply.status() == 410
                ? Answer.TOO_LATE
                : Answer.valueOf(
                        require(reply, 202).body().path("outcome").asText().toUpperCase(Locale.ROOT));
        note(Kind.SIGNAL, run, id, answer, Optional.empty(), askedAt);
    }

    private void cancel(String run) {
        long askedAt = System.nanoTime();
        JsonClient.Reply reply = reply(() -> client.post("/api/runs/" + run + "/cancel", ""));
        if (reply.status() == 409) {
            boolean ended = reply.body().toString().contains("cannot be cancelled any more");
            note(Kind.CANCEL, run, "", ended ? Answer.TOO_LATE : Answer.REFUSED, Optional.empty(), askedAt);
        } else if (reply.status() == 202) {
            note(Kind.CANCEL, run, "", Answer.ACCEPTED, Optional.of(state(reply)), askedAt);
        } else {
            RunState state = state(require(reply, 200));
            boolean endedOtherwise = state.isFinal() && state != RunState.CANCELLED;
            note(Kind.CANCEL, run, "", endedOtherwise ? Answer.TOO_LATE : Answer.OK, Optional.of(state), askedAt);
        }
    }

    private RunState read(String run) {
        long askedAt = System.nanoTime();
        RunState state = state(require(reply(() -> client.get("/api/runs/" + run)), 200));
        note(Kind.READ, run, "", Answer.OK, Optional.of(state), askedAt);
        return state;
    }

    private void note(Kind kind, String run, String id, Answer answer, Optional<RunState> state, long askedAt) {
        operations.add(new Operation(kind, run, id, answer, state, askedAt, System.nanoTime()));
    }

    private static RunState state(JsonClient.Reply reply) {
        return RunState.valueOf(reply.body().path("state").asText());
    }

    private static JsonClient.Reply require(JsonClient.Reply reply, int status) {
        if (reply.status() != status) {
            throw new AssertionError("Instead of " + status + ": " + reply);
        }
        return reply;
    }

    private static JsonClient.Reply reply(Workload.Request request) {
        try {
            return request.send();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted", e);
        }
    }
}
