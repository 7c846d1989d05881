package dev.segno.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.segno.control.Settings;
import dev.segno.control.SettingsException;
import dev.segno.keys.ApiKey;
import dev.segno.security.ApiException;
import dev.segno.security.Caller;
import dev.segno.security.Role;
import dev.segno.security.StoredKeys;
import dev.segno.security.UntrustedJson;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keys of callers over HTTP, for admins: make, list, take back. */
public final class KeyResources implements ApiRoutes {

    private static final List<String> FIELDS = List.of("name", "role", "scope", "expiresIn");

    private final StoredKeys keys;
    private final Clock clock;

    public KeyResources(StoredKeys keys, Clock clock) {
        this.keys = keys;
        this.clock = clock;
    }

    @Override
    public void mount(Router router) {
        router.post("/api/keys").handler(this::make);
        router.get("/api/keys").handler(this::list);
        router.delete("/api/keys/:id").handler(this::revoke);
    }

    private void make(RoutingContext ctx) {
        @Nullable Caller caller = Caller.of(ctx);
        String by = caller == null ? Caller.ANONYMOUS.name() : caller.name();
        Buffer body = ctx.body().buffer();
        JsonNode wanted = UntrustedJson.read(body == null ? new byte[0] : body.getBytes());
        Answers.answer(ctx, () -> {
            JsonNode made = made(wanted, by);
            ctx.response().setStatusCode(201);
            return made;
        });
    }

    private void list(RoutingContext ctx) {
        Answers.answer(ctx, this::listed);
    }

    private void revoke(RoutingContext ctx) {
        String id = ctx.pathParam("id");
        Answers.answer(ctx, () -> revoked(id));
    }

    /**
     * Makes a key as a document asks for it.
     *
     * @param by who makes it
     * @return the key's document, with the key itself
     * @throws ApiException with status 400 when the document has another form
     */
    public ObjectNode made(JsonNode wanted, String by) {
        for (Iterator<String> names = wanted.fieldNames(); names.hasNext(); ) {
            if (!FIELDS.contains(names.next())) {
                throw Parameters.invalid("the body has a field that is none of " + FIELDS);
            }
        }
        Role role = Role.of(text(wanted, "role"))
                .orElseThrow(() -> Parameters.invalid("role must be one of " + Role.names()));
        @Nullable Instant expiresAt = wanted.hasNonNull("expiresIn") ? expiry(text(wanted, "expiresIn")) : null;
        StoredKeys.Made made = keys.make(text(wanted, "name"), role, scope(wanted.path("scope")), expiresAt, by);
        return document(made.key()).put("key", made.secret());
    }

    /** All keys that were made, in that order. */
    public ObjectNode listed() {
        ObjectNode page = JsonNodeFactory.instance.objectNode();
        ArrayNode all = page.putArray("keys");
        keys.all().forEach(key -> all.add(document(key)));
        return page;
    }

    /** @throws ApiException with status 404 when there is no key of this id */
    public ObjectNode revoked(String id) {
        return document(keys.revoke(id));
    }

    private static String text(JsonNode wanted, String field) {
        if (!wanted.path(field).isTextual()) {
            throw Parameters.invalid(field + " must be there, and be a text");
        }
        return wanted.path(field).textValue();
    }

    private static @Nullable List<String> scope(JsonNode scope) {
        if (scope.isMissingNode() || (scope.isTextual() && scope.textValue().equals("all"))) {
            return null;
        }
        List<String> names = new ArrayList<>();
        if (!scope.isArray()) {
            throw Parameters.invalid("scope must be \"all\" or a list of names of orchestrations");
        }
        for (JsonNode item : scope) {
            if (!item.isTextual()) {
                throw Parameters.invalid("scope must be \"all\" or a list of names of orchestrations");
            }
            names.add(item.textValue());
        }
        return names;
    }

    private Instant expiry(String text) {
        try {
            return clock.instant().plus(Settings.durationOf("expiresIn", text));
        } catch (SettingsException | ArithmeticException | DateTimeException e) {
            throw Parameters.invalid("expiresIn must be a length of time such as 12h or 90d");
        }
    }

    /** A key as it may be shown: without its digest. */
    private ObjectNode document(ApiKey key) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("id", key.id());
        document.put("prefix", key.prefix());
        document.put("name", key.name());
        document.put("role", key.role());
        if (key.scope() == null) {
            document.put("scope", "all");
        } else {
            key.scope().forEach(document.putArray("scope")::add);
        }
        document.put("createdAt", key.createdAt().toString());
        document.put("createdBy", key.createdBy());
        document.put("expiresAt", text(key.expiresAt()));
        document.put("revokedAt", text(key.revokedAt()));
        document.put("live", key.isLive(clock.instant()));
        return document;
    }

    private static @Nullable String text(@Nullable Instant at) {
        return at == null ? null : at.toString();
    }
}
