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

/** Carries what users say to the runs of their turns, and waits for what comes of it. Safe for use by many threads. */
final class Turns {

    /** The orchestration of a turn, in {@code routes/shopping-assistant}. */
    static final String ORCHESTRATION = "shopping-turn";

    /** The signal for which it waits. */
    private static final String ANSWER = "answer";

    private final SessionStore store;
    private final SessionFeed feed;
    private final Engine engine;

    Turns(SessionStore store, SessionFeed feed, Engine engine) {
        this.store = store;
        this.feed = feed;
        this.engine = engine;
    }

    /** Begins a turn with its input; completes with the id of its run, which is on disk then. */
    CompletableFuture<String> begin(ObjectNode input, Optional<String> startKey) {
        return engine.start(new StartRequest(ORCHESTRATION, json(input), null, startKey.orElse(null)))
                .thenApply(start -> {
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

    /** Sends the answer to a question; the same one again is the same answer. */
    CompletableFuture<SignalOutcome> answer(String runId, String clarificationId, String answer) {
        ObjectNode body = Json.object().put("clarification_id", clarificationId).put("answer", answer);
        return engine.signal(new Signal(runId, clarificationId, ANSWER, json(body), engine.now()));
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
