package dev.segno.camel;

import dev.segno.run.ParentLink;
import dev.segno.run.Payload;
import dev.segno.run.StartRequest;
import dev.segno.run.TraceIds;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/**
 * The start of a run that a message asks for: its input, the headers that go with it, the key under which it happens once, and the
 * step that it is a child of. Immutable.
 */
record StartMessage(OrchestrationEndpoint endpoint, PayloadCodec codec) {

    /** Headers of one connection, or of one request, which mean nothing to a run that may go on in another process. */
    private static final Set<String> NOT_PASSED_ON = Set.of(
            "accept",
            "accept-encoding",
            "connection",
            "content-encoding",
            "content-length",
            "content-type",
            "expect",
            "host",
            "idempotency-key",
            OrchestrationProducer.WAIT,
            "keep-alive",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "user-agent",
            "authorization",
            "cookie",
            "proxy-authorization",
            "x-api-key",
            "x-admin-key");

    /**
     * The request.
     *
     * @throws IllegalArgumentException when the body is not what the message says
     */
    StartRequest requestOf(Exchange exchange) {
        Message message = exchange.getMessage();
        Payload.Inline input = input(codec.inlineOf(exchange), message);
        Map<String, Object> headers = new LinkedHashMap<>();
        message.getHeaders().forEach((name, value) -> {
            if (!name.startsWith("Camel")
                    && !name.startsWith("Segno")
                    && !NOT_PASSED_ON.contains(name.toLowerCase(Locale.ROOT))
                    && Json.isWritable(value)) {
                headers.put(name, Json.plain(value));
            }
        });
        RunFrame frame = RunFrame.current(exchange);
        if (frame != null && frame.step() != null) {
            // In traces, what a step starts stands under that step.
            headers.keySet().removeIf(TraceIds.HEADER::equalsIgnoreCase);
            headers.put(
                    TraceIds.HEADER,
                    TraceIds.under(
                            message.getHeader(TraceIds.HEADER, String.class),
                            frame.execution().id(),
                            frame.step()));
        }
        // Inside a step the key of the step is the start key, so that a repeated step finds the run that it started.
        String startKey = RunNode.idempotencyKey(exchange);
        if (startKey == null) {
            startKey = message.getHeader(OrchestrationProducer.START_KEY, String.class);
        }
        return new StartRequest(
                endpoint.name(), input, headers.isEmpty() ? null : Json.text(headers), startKey, parentOf(exchange));
    }

    private @Nullable ParentLink parentOf(Exchange exchange) {
        RunFrame frame = RunFrame.current(exchange);
        if (frame == null || frame.step() == null) {
            return null;
        }
        boolean waits = endpoint.mode() == OrchestrationEndpoint.Mode.SYNC;
        return new ParentLink(
                frame.execution().id(), frame.step(), waits ? ParentLink.Kind.CHILD : ParentLink.Kind.STARTED);
    }

    /** JSON that comes as bytes becomes JSON; an empty stream becomes no body. */
    private static Payload.Inline input(Payload.Inline input, Message message) {
        if (input.kind() == Payload.Kind.JSON || input.kind() == Payload.Kind.NONE) {
            return input;
        }
        if (input.length() == 0) {
            return (Payload.Inline) Payload.NONE;
        }
        String type = message.getHeader(Exchange.CONTENT_TYPE, String.class);
        if (type != null && type.toLowerCase(Locale.ROOT).contains("json")) {
            try {
                return new Payload.Inline(Payload.Kind.JSON, Json.bytes(Json.MAPPER.readTree(input.bytes())));
            } catch (IOException e) {
                throw new IllegalArgumentException("The body says that it is JSON, but it is not", e);
            }
        }
        if (input.kind() == Payload.Kind.STREAM && type != null && type.startsWith("text/")) {
            return new Payload.Inline(Payload.Kind.TEXT, input.bytes());
        }
        return input;
    }
}
