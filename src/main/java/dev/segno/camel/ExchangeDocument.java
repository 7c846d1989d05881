package dev.segno.camel;

import dev.segno.run.Payload;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * An exchange as a JSON document, and back: its body by its kind, headers, variables, and the properties that belong to
 * the user or to an aggregation. Headers that are not JSON are left out.
 */
final class ExchangeDocument {

    // Names of the parts of a document. They are stored; they must not change.
    private static final String KIND = "kind";
    private static final String BODY = "body";
    private static final String HEADERS = "headers";
    private static final String VARIABLES = "variables";
    private static final String PROPERTIES = "properties";

    /** Of Camel's own properties, those by which an aggregation goes on. */
    private static final Set<String> OF_AGGREGATION = Set.of(
            Exchange.GROUPED_EXCHANGE,
            Exchange.AGGREGATED_SIZE,
            Exchange.AGGREGATED_COMPLETED_BY,
            Exchange.AGGREGATED_CORRELATION_KEY,
            Exchange.AGGREGATED_TIMEOUT);

    private ExchangeDocument() {}

    /**
     * Writes an exchange. A stream in its body can be read again afterwards.
     *
     * @throws IllegalArgumentException when its body, a variable or what it has collected is not JSON, text or bytes
     */
    static byte[] write(Exchange exchange, PayloadCodec codec) {
        Payload.Inline body = codec.inlineOf(exchange);
        codec.restore(exchange, body);
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put(KIND, body.kind().name());
        document.put(
                BODY,
                switch (body.kind()) {
                    case NONE -> null;
                    case JSON -> Json.read(body.bytes());
                    case TEXT -> new String(body.bytes(), StandardCharsets.UTF_8);
                    case BYTES, STREAM -> Base64.getEncoder().encodeToString(body.bytes());
                });
        Map<String, @Nullable Object> headers = new LinkedHashMap<>();
        exchange.getMessage().getHeaders().forEach((name, value) -> {
            if (Json.isWritable(value)) {
                headers.put(name, value);
            }
        });
        document.put(HEADERS, headers);
        Map<String, @Nullable Object> variables = new LinkedHashMap<>();
        if (exchange.hasVariables()) {
            exchange.getVariables()
                    .forEach((name, value) -> variables.put(name, required(value, "The variable " + name)));
        }
        document.put(VARIABLES, variables);
        document.put(PROPERTIES, properties(exchange));
        return codec.checked(Json.bytes(document));
    }

    private static Map<String, @Nullable Object> properties(Exchange exchange) {
        Map<String, @Nullable Object> properties = new LinkedHashMap<>();
        exchange.getAllProperties().forEach((name, value) -> {
            if (OF_AGGREGATION.contains(name)) {
                properties.put(name, required(value, "What was collected"));
            } else if (ExchangeState.isOfUser(name) && Json.isWritable(value)) {
                properties.put(name, value);
            }
        });
        return properties;
    }

    private static @Nullable Object required(@Nullable Object value, String what) {
        if (!Json.isWritable(value)) {
            throw new IllegalArgumentException(
                    what + " holds values that are not JSON and cannot be kept; turn them into"
                            + " JSON or text first, as with 'unmarshal: {json: {}}' or 'convertBodyTo: String'");
        }
        return value;
    }

    /** Gives an exchange what a document says. */
    static void read(byte[] bytes, Exchange exchange, PayloadCodec codec) {
        Map<String, @Nullable Object> document = Json.readObject(new String(bytes, StandardCharsets.UTF_8));
        codec.restore(exchange, body(document));
        part(document, HEADERS).forEach((name, value) -> exchange.getMessage().setHeader(name, value));
        part(document, VARIABLES).forEach(exchange::setVariable);
        part(document, PROPERTIES)
                .forEach((name, value) -> exchange.setProperty(
                        name,
                        // Camel casts it and does not convert.
                        name.equals(Exchange.AGGREGATED_TIMEOUT) && value instanceof Number number
                                ? Long.valueOf(number.longValue())
                                : value));
    }

    private static Payload body(Map<String, @Nullable Object> document) {
        Payload.Kind kind = Payload.Kind.valueOf(String.valueOf(document.get(KIND)));
        Object body = document.get(BODY);
        return switch (kind) {
            case NONE -> Payload.NONE;
            case JSON -> new Payload.Inline(kind, Json.bytes(body));
            case TEXT -> new Payload.Inline(kind, String.valueOf(body).getBytes(StandardCharsets.UTF_8));
            case BYTES, STREAM -> new Payload.Inline(kind, Base64.getDecoder().decode(String.valueOf(body)));
        };
    }

    @SuppressWarnings("unchecked") // read from a document that this class wrote
    private static Map<String, @Nullable Object> part(Map<String, @Nullable Object> document, String name) {
        Object part = document.get(name);
        return part == null ? Map.of() : (Map<String, @Nullable Object>) part;
    }
}
