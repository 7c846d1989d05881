package dev.segno.shopping;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.segno.run.Engine;
import dev.segno.run.Payload;
import dev.segno.run.RunState;
import dev.segno.run.Signal;
import dev.segno.run.SignalOutcome;
import dev.segno.run.StartOutcome;
import dev.segno.run.StartRequest;
import dev.segno.run.StepRecord;
import dev.segno.run.UnknownRun;
import dev.segno.security.ApiError;
import dev.segno.security.ApiException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Carries what users say to the runs of their turns, and waits for what comes of it. Safe for use by many threads. */
final class Turns {

    /** The orchestration of a turn, in {@code routes/shopping-assistant}. */
    static final String ORCHESTRATION = "shopping-turn";

    /** The signal for which it waits. */
    private static final String ANSWER = "answer";

    private final SessionStore store;
    private final SessionFeed feed;
    private final Engine engine;
    private final TurnPlaces places;

    Turns(SessionStore store, SessionFeed feed, Engine engine, TurnPlaces places) {
        this.store = store;
        this.feed = feed;
        this.engine = engine;
        this.places = places;
    }

    /**
     * Begins a turn with its input; completes with the id of its run, which is on disk then.
     *
     * @param atMost how long it may wait for a place
     */
    CompletableFuture<String> begin(ObjectNode input, Optional<String> startKey, Duration atMost) {
        StartRequest request = new StartRequest(ORCHESTRATION, json(input), null, startKey.orElse(null));
        CompletableFuture<Engine.Start> started = place(atMost)
                .thenCompose(place ->
                        attempt(() -> engine.start(request)).whenComplete((start, error) -> places.giveBack()));
        return started.thenApply(start -> {
            StartOutcome outcome = start.outcome();
            if (outcome instanceof StartOutcome.Throttled) {
                throw new ApiException(
                        new ApiError(429, "too-many-requests", "Too many messages wait in this session"));
            }
            if (outcome instanceof StartOutcome.KeyConflict) {
                throw new ApiException(otherRequest());
            }
            return outcome.runId();
        });
    }

    static ApiError otherRequest() {
        return new ApiError(409, "conflict", "This Idempotency-Key came with another request before");
    }

    /**
     * Sends the answer to a question; the same one again is the same answer.
     *
     * @param answer {@code answer}, and the {@code media} that came with it
     * @param atMost how long it may wait for a place
     */
    CompletableFuture<SignalOutcome> answer(String runId, String clarificationId, ObjectNode answer, Duration atMost) {
        Signal signal = new Signal(runId, clarificationId, ANSWER, signalled(clarificationId, answer), engine.now());
        return place(atMost).thenCompose(place -> {
            // Before it goes on, for it may be over before its sender hears of it.
            boolean handedOver = places.handOver(runId);
            return attempt(() -> engine.signal(signal)).whenComplete((sent, error) -> {
                if (!handedOver) {
                    places.giveBack();
                } else if (!isTaken(sent)) {
                    places.rests(runId);
                }
            });
        });
    }

    /**
     * Whether a turn went on with another answer to its question than this one. By the journal: what the session says of it is
     * gone with its next turn.
     */
    boolean wentOnWithAnother(String runId, String clarificationId, ObjectNode answer) {
        Payload.Inline own = signalled(clarificationId, answer);
        return engine.store().journal(runId).stream()
                .map(StepRecord::outcome)
                .filter(StepRecord.Signalled.class::isInstance)
                .map(outcome -> ((StepRecord.Signalled) outcome).body())
                .anyMatch(given -> given instanceof Payload.Inline text
                        && questionOf(text).equals(clarificationId)
                        && !text.equals(own));
    }

    private static Payload.Inline signalled(String clarificationId, ObjectNode answer) {
        return json(answer.deepCopy().put("clarification_id", clarificationId));
    }

    private static String questionOf(Payload.Inline answer) {
        try {
            return Json.text(Json.MAPPER.readTree(answer.bytes()), "clarification_id");
        } catch (IOException e) {
            // Sent by somebody else, past the assistant.
            return "";
        }
    }

    static boolean isTaken(@Nullable SignalOutcome sent) {
        return sent instanceof SignalOutcome.Delivered || sent instanceof SignalOutcome.Kept;
    }

    /** A place, as soon as there is one. */
    private CompletableFuture<Boolean> place(Duration atMost) {
        return places.take(atMost).thenApply(taken -> {
            if (!taken) {
                throw new ApiException(new ApiError(503, "unavailable", "Too much is going on, try again in a moment"));
            }
            return taken;
        });
    }

    private static <T> CompletableFuture<T> attempt(Supplier<CompletableFuture<T>> work) {
        try {
            return work.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Ends the turn that is under way. */
    CompletableFuture<Boolean> cancel(String runId) {
        try {
            return engine.cancel(runId).thenApply(result -> result.state() == RunState.CANCELLED);
        } catch (UnknownRun e) {
            return CompletableFuture.completedFuture(false);
        }
    }

    /** Waits until a session is as wished. Empty when it has not come to that in time. */
    CompletableFuture<Optional<Session>> await(String sessionId, Predicate<Session> wished, Duration atMost) {
        CompletableFuture<Optional<Session>> seen = new CompletableFuture<>();
        // Followed before the first look, so that nothing can happen in between.
        Runnable unfollow = feed.follow(sessionId, (session, events) -> {
            if (wished.test(session)) {
                seen.complete(Optional.of(session));
            }
        });
        store.find(sessionId).filter(wished).ifPresent(session -> seen.complete(Optional.of(session)));
        if (!seen.isDone()) {
            engine.completeAfter(atMost, seen, Optional.empty());
        }
        return seen.whenComplete((session, error) -> unfollow.run());
    }

    /** A session whose turn of a run has come to rest. */
    static Predicate<Session> restsIn(String runId) {
        return session -> session.runId().equals(runId) && session.stage().isAtRest();
    }

    /** The same, but for the question that has been answered. */
    static Predicate<Session> restsBehind(String runId, String clarificationId) {
        return restsIn(runId)
                .and(session -> session.question()
                        .map(question ->
                                !question.path("clarification_id").asText().equals(clarificationId))
                        .orElse(true));
    }

    static String fingerprint(JsonNode request) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(Json.text(request).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    private static Payload.Inline json(JsonNode node) {
        try {
            return new Payload.Inline(Payload.Kind.JSON, Json.MAPPER.writeValueAsBytes(node));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree of JSON nodes can always be written", e);
        }
    }
}
