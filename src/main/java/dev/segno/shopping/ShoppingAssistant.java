package dev.segno.shopping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.segno.run.Engine;
import dev.segno.run.Payload;
import dev.segno.run.Run;
import dev.segno.run.RunObserver;
import dev.segno.run.RunState;
import dev.segno.security.ApiError;
import dev.segno.security.ApiException;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The assistant's operations by their names, and what its sockets and streams need. Safe for use by many threads. */
public final class ShoppingAssistant implements RunObserver {

    private static final Logger LOG = LoggerFactory.getLogger(ShoppingAssistant.class);

    private final Parts parts;
    private final SessionFeed feed = new SessionFeed();
    private final Connections connections = new Connections();
    private final TurnPlaces places;
    private final TurnSteps steps;
    private final Conversations conversations;
    private final Map<String, ShoppingOperation> operations = new HashMap<>();

    /**
     * What it is made of.
     *
     * @param copies   the table for copies of sessions, asked for when the first one is written
     * @param executor on which runs go on
     */
    public record Parts(
            SessionStore store,
            Engine engine,
            ShoppingSettings settings,
            Clock clock,
            Supplier<CopyTable> copies,
            Executor executor) {}

    public ShoppingAssistant(Parts parts) {
        this.parts = parts;
        places = new TurnPlaces(parts.settings().turns(), parts.engine()::after, parts.executor());
        steps = new TurnSteps(parts.store(), feed, parts.settings(), places, parts.clock(), parts.executor());
        conversations = new Conversations(parts, feed, places, connections);
        operations.putAll(steps.operations());
        operations.putAll(conversations.operations());
        operations.putAll(Requirements.operations(parts.settings()));
        operations.putAll(Ranking.operations());
        operations.putAll(new SessionCopies(parts.store(), parts.copies(), parts.executor()).operations());
        operations.putAll(new AssistantStatus(
                        connections,
                        places,
                        parts.settings(),
                        () -> parts.engine().store().isWritable())
                .operations());
        parts.engine().observe(places);
        parts.engine().observe(this);
    }

    public Optional<ShoppingOperation> find(String name) {
        return Optional.ofNullable(operations.get(name));
    }

    /** The names of the operations, in their order. */
    public Set<String> names() {
        return new TreeMap<>(operations).keySet();
    }

    public SessionFeed feed() {
        return feed;
    }

    public Connections connections() {
        return connections;
    }

    /** Turns that go on on this node, queued ones with them; those that wait for an answer are not counted. */
    public int turnsUnderWay() {
        return places.count();
    }

    public SessionStore store() {
        return parts.store();
    }

    public ShoppingSettings settings() {
        return parts.settings();
    }

    /**
     * A session that a caller may know of.
     *
     * @param caller who asks; null where callers are not known
     * @throws ApiException 404 when there is none
     */
    public Session session(String id, @Nullable String caller) {
        return conversations.session(id, caller);
    }

    /** Whether a text can be the id of a session. */
    public static boolean isSessionId(String text) {
        return Said.SESSION_ID.matcher(text).matches();
    }

    /** A new id for a session. */
    public static String newSessionId() {
        return Conversations.newId();
    }

    /** A turn that was cancelled, or could not say itself that it failed, ends in its session too. */
    @Override
    public void ended(Run run, RunState state, Instant at) {
        if (!run.orchestration().equals(Turns.ORCHESTRATION)
                || state == RunState.COMPLETED
                || !(run.input() instanceof Payload.Inline input)) {
            return;
        }
        parts.executor().execute(() -> {
            JsonNode message;
            try {
                message = Json.MAPPER.readTree(input.bytes());
            } catch (IOException e) {
                LOG.error("Run {} of a session has no readable input", run.id(), e);
                return;
            }
            steps.ended(
                            Json.text(message, "session_id"),
                            run.id(),
                            state == RunState.CANCELLED ? Stage.CANCELLED : Stage.FAILED)
                    .exceptionally(error -> {
                        LOG.error("The end of run {} did not come to its session", run.id(), error);
                        return false;
                    });
        });
    }

    static ApiException unknownSession() {
        return new ApiException(new ApiError(404, "not-found", "Session not found"));
    }

    static ApiException conflict(String message, Session session) {
        ObjectNode details = Json.object().put("state", session.stage().name());
        return new ApiException(new ApiError(409, "conflict", message, details));
    }
}
