package dev.segno.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.segno.run.Attributes;
import dev.segno.run.EditedInput;
import dev.segno.run.Payload;
import dev.segno.run.RunStore;
import dev.segno.security.ApiError;
import dev.segno.security.ApiException;
import dev.segno.security.IngressFilter;
import dev.segno.security.UntrustedJson;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads the input that somebody has edited out of a request. Stateless, hence safe for concurrent use. */
final class EditedInputs {

    private static final IngressFilter FILTER = new IngressFilter();
    private static final String BODY = "body";
    private static final String VARIABLES = "variables";

    private EditedInputs() {}

    /** The body of a request, whose form was held against the API's document; an empty object when there is none. */
    static JsonNode document(RoutingContext ctx) {
        Buffer body = ctx.body().buffer();
        return body == null || body.length() == 0
                ? JsonNodeFactory.instance.objectNode()
                : UntrustedJson.read(body.getBytes());
    }

    /**
     * The edited input of a document; {@code null} when it has none.
     *
     * @throws ApiException with status 400 when a variable has a name that must not come from outside, with 413 when the
     *                      input is too large
     */
    static @Nullable EditedInput of(JsonNode document) {
        if (!document.has(BODY) && !document.has(VARIABLES)) {
            return null;
        }
        JsonNode variables = document.get(VARIABLES);
        if (variables != null) {
            variables.fieldNames().forEachRemaining(EditedInputs::requireAdmitted);
        }
        JsonNode body = document.get(BODY);
        return new EditedInput(
                body == null ? null : payload(body),
                variables == null || variables.isEmpty() ? null : limited(variables.toString(), VARIABLES));
    }

    /** Names with a colon belong to other scopes than the run's; Camel and its components obey others. */
    private static void requireAdmitted(String name) {
        if (!FILTER.admitsHeader(name)) {
            throw Parameters.invalid(
                    "'" + name + "' cannot be set as a variable from outside: names have letters, digits,"
                            + " '.', '-' and '_', and are none that steer Camel or carry credentials");
        }
        if (name.equals(Attributes.PREFIX)) {
            throw Parameters.invalid("An attribute needs a name behind '" + Attributes.PREFIX + "'");
        }
    }

    private static Payload.Inline payload(JsonNode body) {
        if (body.isNull()) {
            return (Payload.Inline) Payload.NONE;
        }
        if (body.isTextual()) {
            return new Payload.Inline(
                    Payload.Kind.TEXT, limited(body.textValue(), BODY).getBytes(StandardCharsets.UTF_8));
        }
        return new Payload.Inline(
                Payload.Kind.JSON, limited(body.toString(), BODY).getBytes(StandardCharsets.UTF_8));
    }

    private static String limited(String text, String what) {
        if (text.length() > RunStore.BLOB_PIECE_BYTES) {
            throw new ApiException(
                    new ApiError(413, "too-large", what + " has at most " + RunStore.BLOB_PIECE_BYTES + " bytes"));
        }
        return text;
    }
}
