package dev.segno.shopping;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.segno.run.SignalOutcome;
import dev.segno.security.ApiException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What users do with sessions: say something, answer, look, cancel. Safe for use by many threads. */
final class Conversations {

    private static final Duration CANCEL_WAIT = Duration.ofSeconds(10);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final ShoppingAssistant.Parts parts;
    private final Turns turns;
    private final RateLimit rate;
    private final Connections connections;

    Conversations(ShoppingAssistant.Parts parts, SessionFeed feed, TurnPlaces places, Connections connections) {
        this.parts = parts;
        this.turns = new Turns(parts.store(), feed, parts.engine(), places);
        this.rate = new RateLimit(parts.settings().ratePerMinute(), parts.clock());
        this.connections = connections;
    }

    Map<String, ShoppingOperation> operations() {
        return Map.of(
                "say", this::say,
                "answer", this::answer,
                "session", this::show,
                "sessions", this::list,
                "cancel", this::cancel);
    }

    /** A new id of a session. */
    static String newId() {
        byte[] bytes = new byte[6];
        RANDOM.nextBytes(bytes);
        return "sess_" + HexFormat.of().formatHex(bytes);
    }

    Session session(String id, @Nullable String caller) {
        return parts.store()
                .find(id)
                .filter(session -> isThere(session) && session.isFor(caller))
                .orElseThrow(ShoppingAssistant::unknownSession);
    }

    private boolean isThere(Session session) {
        return session.expiresAt().isAfter(parts.clock().instant());
    }

    /** What a message meets: its session, the question that it answers, the same request of before. */
    private record Admitted(Session session, Optional<String> clarificationId, Optional<KeyedRequest> earlier) {}

    private CompletableFuture<ShoppingReply> say(ShoppingRequest request) {
        Said said = Said.of(request, parts.settings().waitLimit());
        Optional<ShoppingReply> tooMany = count(said.speaker());
        if (tooMany.isPresent()) {
            return CompletableFuture.completedFuture(tooMany.get());
        }
        String fingerprint = Turns.fingerprint(request.body());
        return parts.store()
                .write(transaction -> admit(transaction, said, fingerprint))
                .thenComposeAsync(admitted -> goOn(said, admitted), parts.executor());
    }

    /** Counts a message; the refusal if it is one too many. */
    private Optional<ShoppingReply> count(String speaker) {
        return rate.take(speaker).map(after -> {
            long seconds = after.toSeconds() + 1;
            ObjectNode body = Json.object().put("error", "Too many messages, try again in " + seconds + " s");
            body.putObject("details").put("retry_after_seconds", seconds);
            return new ShoppingReply(429, Map.of("Retry-After", String.valueOf(seconds)), body);
        });
    }

    private Admitted admit(SessionStore.Transaction transaction, Said said, String fingerprint) {
        Instant now = parts.clock().instant();
        Optional<KeyedRequest> earlier = said.scopedKey().flatMap(transaction::keyed);
        if (earlier.isPresent()) {
            if (!earlier.get().fingerprint().equals(fingerprint)) {
                throw new ApiException(Turns.otherRequest());
            }
            Session session =
                    transaction.find(earlier.get().sessionId()).orElseThrow(ShoppingAssistant::unknownSession);
            return new Admitted(session, Optional.ofNullable(earlier.get().clarificationId()), earlier);
        }
        String id = said.sessionId() == null ? newId() : said.sessionId();
        Optional<Session> found = transaction.find(id).filter(this::isThere);
        if (found.isPresent() && !found.get().isFor(said.owner())) {
            throw ShoppingAssistant.unknownSession();
        }
        transaction.forget(now);
        Session session = found.orElseGet(() -> Session.begin(
                id, said.userId(), said.owner(), now, parts.settings().sessionTtl()));
        if (found.isEmpty()) {
            transaction.save(session);
        }
        Optional<String> question =
                session.question().map(open -> open.path("clarification_id").asText());
        said.scopedKey()
                .ifPresent(key ->
                        transaction.save(new KeyedRequest(key, id, fingerprint, question.orElse(null), null, now)));
        return new Admitted(session, question, Optional.empty());
    }

    private CompletableFuture<ShoppingReply> goOn(Said said, Admitted admitted) {
        Session session = admitted.session();
        Optional<String> recorded = admitted.earlier().flatMap(earlier -> Optional.ofNullable(earlier.reply()));
        if (recorded.isPresent()) {
            return CompletableFuture.completedFuture(recorded(recorded.get()));
        }
        CompletableFuture<ShoppingReply> reply = admitted.clarificationId()
                .map(question -> answerOrBegin(said, admitted, question))
                .orElseGet(() -> begin(said, session));
        return reply.thenCompose(first -> remember(said, first));
    }

    private CompletableFuture<ShoppingReply> begin(Said said, Session session) {
        Optional<String> startKey = said.scopedKey().map(key -> "shopping/" + key);
        Instant until = parts.clock().instant().plus(said.patience());
        return turns.begin(said.input(session.id()), startKey, said.placePatience())
                .thenComposeAsync(
                        run -> turns.await(session.id(), Turns.restsIn(run), left(until))
                                .thenApply(rested -> reply(session.id(), run, rested)),
                        parts.executor());
    }

    /** A message that meets a question answers it, unless another one was quicker: then it is a turn of its own. */
    private CompletableFuture<ShoppingReply> answerOrBegin(Said said, Admitted admitted, String question) {
        Session session = admitted.session();
        String run = runOf(question);
        Instant until = parts.clock().instant().plus(said.patience());
        return turns.answer(run, question, said.answer(), said.placePatience())
                .thenComposeAsync(
                        sent -> Turns.isTaken(sent) || wasTaken(sent, said, admitted, run, question)
                                ? turns.await(session.id(), Turns.restsBehind(run, question), left(until))
                                        .thenApply(rested -> reply(session.id(), run, rested))
                                : begin(said, session),
                        parts.executor());
    }

    /** Whether the same request has sent this answer before; it may also have found no place then, and another one was quicker. */
    private boolean wasTaken(SignalOutcome sent, Said said, Admitted admitted, String run, String question) {
        return sent instanceof SignalOutcome.Duplicate
                && admitted.earlier().isPresent()
                && !turns.wentOnWithAnother(run, question, said.answer());
    }

    private Duration left(Instant until) {
        Duration left = Duration.between(parts.clock().instant(), until);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** The first reply that says what came of it is the reply to each repeat. */
    private CompletableFuture<ShoppingReply> remember(Said said, ShoppingReply reply) {
        if (said.key().isEmpty() || reply.status() == 202) {
            return CompletableFuture.completedFuture(reply);
        }
        String key = said.scopedKey().orElseThrow();
        return parts.store().write(transaction -> {
            transaction.keyed(key).ifPresent(request -> {
                if (request.reply() == null) {
                    transaction.save(request.replied(Json.text(reply.body())));
                }
            });
            return reply;
        });
    }

    private static ShoppingReply recorded(String reply) {
        try {
            JsonNode body = Json.MAPPER.readTree(reply);
            return ShoppingReply.of(status(body), body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A recorded reply is JSON", e);
        }
    }

    private ShoppingReply reply(String sessionId, String runId, Optional<Session> rested) {
        if (rested.isPresent()) {
            JsonNode body = SessionView.turn(rested.get());
            return ShoppingReply.of(status(body), body);
        }
        Session session = parts.store().find(sessionId).orElseThrow(ShoppingAssistant::unknownSession);
        ObjectNode body = session.runId().equals(runId)
                ? SessionView.turn(session)
                : SessionView.waiting(sessionId, TurnSteps.requestId(runId));
        return new ShoppingReply(202, Map.of("Location", "/api/v1/sessions/" + sessionId), body);
    }

    private static int status(JsonNode body) {
        if (!body.path("state").asText().equals(Stage.FAILED.name())) {
            return 200;
        }
        return switch (body.at("/error/code").asText()) {
            case "service_unavailable" -> 503;
            case "timeout" -> 504;
            default -> 500;
        };
    }

    private static String runOf(String clarificationId) {
        return clarificationId.substring("clr-".length(), clarificationId.lastIndexOf('-'));
    }

    private CompletableFuture<ShoppingReply> answer(ShoppingRequest request) {
        String answer = Said.answer(request.body());
        Session session = session(request);
        Optional<ShoppingReply> tooMany = count(session.owner() == null ? session.userId() : session.owner());
        if (tooMany.isPresent()) {
            return CompletableFuture.completedFuture(tooMany.get());
        }
        String named = Json.text(request.body(), "clarification_id");
        Optional<String> open = session.question()
                .map(question -> question.path("clarification_id").asText())
                .filter(id -> named.isEmpty() || named.equals(id));
        if (open.isEmpty()) {
            return CompletableFuture.completedFuture(repeated(session, named, answer));
        }
        String question = open.get();
        String run = runOf(question);
        Instant until = parts.clock()
                .instant()
                .plus(Said.patience(request, parts.settings().waitLimit()));
        Duration placePatience = Said.placePatience(request, parts.settings().waitLimit());
        return turns.answer(run, question, Json.object().put("answer", answer), placePatience)
                .thenComposeAsync(
                        sent -> turns.await(session.id(), Turns.restsBehind(run, question), left(until))
                                .thenApply(rested -> answered(sent, rested, session.id(), question, answer)),
                        parts.executor());
    }

    private ShoppingReply answered(
            SignalOutcome sent, Optional<Session> rested, String sessionId, String question, String answer) {
        Session now = rested.or(() -> parts.store().find(sessionId)).orElseThrow(ShoppingAssistant::unknownSession);
        if (!Turns.isTaken(sent) && !isAnswer(now, question, answer)) {
            throw ShoppingAssistant.conflict("This question has been answered already", now);
        }
        return reply(sessionId, runOf(question), rested);
    }

    /** The same answer to the same question again is told what came of it. */
    private static ShoppingReply repeated(Session session, String named, String answer) {
        if (!named.isEmpty() && isAnswer(session, named, answer)) {
            return ShoppingReply.of(200, SessionView.turn(session));
        }
        throw ShoppingAssistant.conflict(
                session.question().isPresent() ? "Another question is open" : "No question is open", session);
    }

    private static boolean isAnswer(Session session, String question, String answer) {
        JsonNode last = session.document().path("answered");
        return last.path("clarification_id").asText().equals(question)
                && last.path("answer").asText().equals(answer);
    }

    private CompletableFuture<ShoppingReply> show(ShoppingRequest request) {
        Session session = session(request);
        return done(SessionView.whole(session, connections.count(session.id())));
    }

    private CompletableFuture<ShoppingReply> list(ShoppingRequest request) {
        String user = request.parameter("user_id").orElse("");
        int limit = request.parameter("limit").map(Integer::parseInt).orElse(10);
        return done(SessionView.summaries(parts.store()
                .ofUser(user, request.caller().orElse(null), parts.clock().instant(), limit)));
    }

    private CompletableFuture<ShoppingReply> cancel(ShoppingRequest request) {
        Session session = session(request);
        if (session.stage().isOver() || session.runId().isEmpty()) {
            throw ShoppingAssistant.conflict("Nothing is under way in this session", session);
        }
        return turns.cancel(session.runId())
                .thenComposeAsync(
                        cancelled ->
                                turns.await(session.id(), later -> later.stage().isOver(), CANCEL_WAIT),
                        parts.executor())
                .thenApply(over -> reply(session.id(), session.runId(), over));
    }

    private Session session(ShoppingRequest request) {
        return session(
                request.parameter("session_id").orElseThrow(ShoppingAssistant::unknownSession),
                request.caller().orElse(null));
    }

    private static CompletableFuture<ShoppingReply> done(JsonNode body) {
        return CompletableFuture.completedFuture(ShoppingReply.of(200, body));
    }
}
