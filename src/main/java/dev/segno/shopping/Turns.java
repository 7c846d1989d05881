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
import dev.segno.run.UnknownRun;
import dev.segno.security.ApiError;
import dev.segno.security.ApiException;
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
        return inAPlace(atMost, () -> engine.start(request)).thenApply(start -> {
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
        ObjectNode body = answer.deepCopy().put("clarification_id", clarificationId);
        Signal signal = new Signal(runId, clarificationId, ANSWER, json(body), engine.now());
        return inAPlace(atMost, () -> {
            // Before it goes on, for it may be over before its sender hears of it.
            places.goesOn(runId);
            return engine.signal(signal).whenComplete((sent, error) -> {
                if (!isTaken(sent)) {
                    places.rests(runId);
                }
            });
        });
    }

    static boolean isTaken(@Nullable SignalOutcome sent) {
        return sent instanceof SignalOutcome.Delivered || sent instanceof SignalOutcome.Kept;
    }

    /** Lets a turn go on as soon as there is a place for it, which is the turn's own then. */
    private <T> CompletableFuture<T> inAPlace(Duration atMost, Supplier<CompletableFuture<T>> work) {
        return places.take(atMost).thenCompose(taken -> {
            if (!taken) {
                throw new ApiException(new ApiError(503, "unavailable", "Too much is going on, try again in a moment"));
            }
            CompletableFuture<T> done;
            try {
                done = work.get();
            } catch (RuntimeException e) {
                places.giveBack();
                throw e;
            }
            return done.whenComplete((result, error) -> places.giveBack());
        });
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
            engine.after(atMost, () -> seen.complete(Optional.empty()));
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
