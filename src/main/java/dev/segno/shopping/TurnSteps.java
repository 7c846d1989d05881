package dev.segno.shopping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * What the steps of a turn write into its session, and tell its user. Each does so once, however often its step is
 * repeated. A turn that another one has taken the place of changes nothing any more. Safe for use by many threads.
 */
final class TurnSteps {

    /** Fields of a step's body that become fields of the session. */
    private static final List<String> KEPT = List.of("requirement_spec", "transcript", "image_attributes");

    private final SessionStore store;
    private final SessionFeed feed;
    private final ShoppingSettings settings;
    private final TurnPlaces places;
    private final Clock clock;
    private final Executor executor;

    TurnSteps(
            SessionStore store,
            SessionFeed feed,
            ShoppingSettings settings,
            TurnPlaces places,
            Clock clock,
            Executor executor) {
        this.store = store;
        this.feed = feed;
        this.settings = settings;
        this.places = places;
        this.clock = clock;
        this.executor = executor;
    }

    Map<String, ShoppingOperation> operations() {
        return Map.of(
                "begin", this::begin,
                "enter", this::enter,
                "ask", this::ask,
                "hear", this::hear,
                "complete", this::complete,
                "fail", this::fail);
    }

    /** The run of the turn, as its request is known to the user. */
    static String requestId(String runId) {
        return "req-" + runId;
    }

    /** A session changed in the course of one step. */
    private record Changed(Session session, List<SessionEvent> events) {}

    /** What a step does to its session, and the events that tell of it. */
    @FunctionalInterface
    private interface Work {
        List<Told> apply(Session session, Instant now);
    }

    /** The message of a turn arrives: its body is the input of the run. */
    private CompletableFuture<ShoppingReply> begin(ShoppingRequest request) {
        return write(
                request,
                true,
                (session, now) -> {
                    ObjectNode document = session.document();
                    String runId = request.runId().orElseThrow();
                    document.put("run_id", runId).put("request_id", requestId(runId));
                    document.set("request_type", request.body().path("request_type"));
                    document.set("last_message", request.body().path("message"));
                    document.set("last_media", request.body().path("media"));
                    ObjectNode input = document.putObject("input");
                    input.set("message", request.body().path("message"));
                    input.set("media", request.body().path("media"));
                    input.putArray("answers");
                    document.put("clarification_count", 0);
                    for (String old : List.of(
                            "clarification",
                            "answered",
                            "results",
                            "message",
                            "error",
                            "transcript",
                            "image_attributes")) {
                        document.putNull(old);
                    }
                    session.enter(Stage.INITIAL, now);
                    return List.of(Told.thinking("Reading your message"));
                },
                session -> {
                    ObjectNode known = Json.object();
                    known.set("requirement_spec", session.document().path("requirement_spec"));
                    return known;
                });
    }

    /** The turn comes to a stage ({@code stage}); {@code message} is for the user. */
    private CompletableFuture<ShoppingReply> enter(ShoppingRequest request) {
        Stage stage = Stage.valueOf(request.parameter("stage").orElseThrow());
        String message = request.parameter("message").orElse(stage.workflowStage());
        return write(
                request,
                false,
                (session, now) -> {
                    keep(request.body(), session);
                    session.enter(stage, now);
                    return List.of(Told.progress(stage, message));
                },
                session -> request.body());
    }

    /** A question is put to the user: {@code question}, {@code suggestions} and {@code context} of the body. */
    private CompletableFuture<ShoppingReply> ask(ShoppingRequest request) {
        // Before anybody hears of the question, who could answer it at once.
        places.rests(request.runId().orElseThrow());
        return write(
                request,
                false,
                (session, now) -> {
                    keep(request.body(), session);
                    ObjectNode document = session.document();
                    int round = document.path("clarification_count").asInt() + 1;
                    ObjectNode question = Json.object().put("clarification_id", "clr-" + session.runId() + "-" + round);
                    for (String field : List.of("question", "suggestions", "context")) {
                        question.set(field, request.body().path(field));
                    }
                    question.put("round", round).put("max_rounds", settings.maxQuestions());
                    document.set("clarification", question);
                    session.enter(Stage.CLARIFICATION, now);
                    return List.of(new Told("clarification", question.deepCopy()));
                },
                session -> request.body());
    }

    /** The answer to the open question has come: the body is {@code {clarification_id, answer, …}}. */
    private CompletableFuture<ShoppingReply> hear(ShoppingRequest request) {
        return write(
                request,
                false,
                (session, now) -> {
                    ObjectNode document = session.document();
                    document.set("answered", request.body());
                    document.set("last_message", request.body().path("answer"));
                    document.withObject("input")
                            .withArray("answers")
                            .add(request.body().path("answer"));
                    document.putNull("clarification");
                    document.put(
                            "clarification_count",
                            document.path("clarification_count").asInt() + 1);
                    session.enter(Stage.REQUIREMENT_BUILDING, now);
                    return List.of(Told.thinking("Thank you"));
                },
                session -> request.body());
    }

    /** The turn has its results: {@code products}, {@code total_count}, {@code marketplaces_searched}, {@code warnings}, {@code message}. */
    private CompletableFuture<ShoppingReply> complete(ShoppingRequest request) {
        JsonNode body = request.body();
        String message = Json.text(body, "message");
        return write(
                request,
                false,
                (session, now) -> {
                    ObjectNode document = session.document();
                    ObjectNode results = Json.object();
                    results.set("products", body.path("products"));
                    results.put("total_count", body.path("total_count").asInt());
                    results.set("marketplaces_searched", body.path("marketplaces_searched"));
                    results.put(
                            "search_duration_ms",
                            session.enteredAt(Stage.SEARCHING)
                                    .map(began -> Duration.between(began, now).toMillis())
                                    .orElse(0L));
                    results.set("warnings", body.path("warnings"));
                    document.set("results", results);
                    document.put("message", message);
                    session.enter(Stage.COMPLETED, now);
                    List<Told> told = new ArrayList<>(Told.tokens(message));
                    ObjectNode shown = Json.object();
                    shown.set("products", body.path("products"));
                    shown.set("requirement_spec", document.path("requirement_spec"));
                    told.add(new Told("results", shown.put("final_response", message)));
                    told.add(new Told(
                            "done", Json.object().put("message", message).put("session_id", session.id())));
                    return told;
                },
                SessionView::turn);
    }

    /** The turn cannot go on: {@code code} and {@code message} of the body say why. */
    private CompletableFuture<ShoppingReply> fail(ShoppingRequest request) {
        String code = request.body().path("code").asText("internal");
        String message = request.body().path("message").asText("The request could not be processed");
        return write(
                request, false, (session, now) -> failed(session, code, message, Stage.FAILED, now), SessionView::turn);
    }

    /** The run of a turn has ended without a word of its own. */
    CompletableFuture<Boolean> ended(String sessionId, String runId, Stage how) {
        String message = how == Stage.CANCELLED ? "The request was cancelled" : "The request could not be processed";
        return change(
                        sessionId,
                        runId,
                        "ended/" + runId,
                        false,
                        (session, now) -> session.stage().isOver()
                                ? List.of()
                                : failed(session, how == Stage.CANCELLED ? "cancelled" : "internal", message, how, now))
                .thenApply(session -> true);
    }

    private static List<Told> failed(Session session, String code, String message, Stage how, Instant now) {
        String step = session.stage().name();
        ObjectNode document = session.document();
        ObjectNode error =
                Json.object().put("code", code).put("message", message).put("step", step);
        document.set("error", error);
        document.putNull("clarification");
        session.enter(how, now);
        return List.of(Told.error(error));
    }

    private static void keep(JsonNode body, Session session) {
        for (String field : KEPT) {
            if (Json.isGiven(body.path(field))) {
                session.document().set(field, body.path(field));
            }
        }
    }

    private CompletableFuture<ShoppingReply> write(
            ShoppingRequest request, boolean begins, Work work, Function<Session, JsonNode> answer) {
        String sessionId = request.parameter("session_id").orElseThrow();
        String runId = request.runId().orElseThrow();
        String origin = request.effectKey().orElseThrow();
        return change(sessionId, runId, origin, begins, work)
                .thenApply(session -> ShoppingReply.data(session.map(answer).orElse(request.body())));
    }

    /** The session afterwards; empty when there is none any more. */
    private CompletableFuture<Optional<Session>> change(
            String sessionId, String runId, String origin, boolean begins, Work work) {
        return store.write(transaction -> {
                    Optional<Session> found = transaction.find(sessionId);
                    if (found.isEmpty()) {
                        return Optional.<Changed>empty();
                    }
                    Session session = found.get();
                    boolean superseded = !begins && !session.runId().equals(runId);
                    if (superseded || transaction.hasEvents(sessionId, origin)) {
                        return Optional.of(new Changed(session, List.of()));
                    }
                    Instant now = clock.instant();
                    List<SessionEvent> events = work.apply(session, now).stream()
                            .map(told -> new SessionEvent(sessionId, 0, told.type(), told.data(), now))
                            .toList();
                    Session changed = session.touched(now, settings.sessionTtl());
                    transaction.save(changed);
                    return Optional.of(new Changed(changed, transaction.append(sessionId, origin, events)));
                })
                // Not on the store's thread: the next group of writes must not wait for those who listen.
                .thenApplyAsync(
                        changed -> {
                            changed.filter(it -> !it.events().isEmpty())
                                    .ifPresent(it -> feed.tell(it.session(), it.events()));
                            return changed.map(Changed::session);
                        },
                        executor);
    }
}
