package dev.segno.camel;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.segno.controlplane.ControlOperation;
import dev.segno.controlplane.ControlRequest;
import dev.segno.security.ApiError;
import dev.segno.security.ApiException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultProducer;
import org.jspecify.annotations.Nullable;

/** Hands a message to an operation of the control plane, and its answer back. */
final class ControlProducer extends DefaultProducer {

    private final ControlOperation operation;

    ControlProducer(Endpoint endpoint, ControlOperation operation) {
        super(endpoint);
        this.operation = operation;
    }

    @Override
    public void process(Exchange exchange) {
        Message message = exchange.getMessage();
        String requestId = message.getHeader("Segno-Request-Id", String.class);
        if (requestId == null) {
            requestId = UUID.randomUUID().toString();
        }
        String correlation = message.getHeader("X-Correlation-ID", String.class);
        ControlRequest request = new ControlRequest(
                body(message),
                name -> Optional.ofNullable(message.getHeader(name, String.class)),
                requestId,
                correlation == null ? requestId : correlation,
                Optional.ofNullable(RunNode.idempotencyKey(exchange)));
        message.setBody(operation.answer(request).document(requestId, Instant.now()));
    }

    private static Map<String, @Nullable Object> body(Message message) {
        @Nullable Object body = message.getBody();
        if (body instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> object = new LinkedHashMap<>();
            map.forEach((name, value) -> object.put(String.valueOf(name), value));
            return object;
        }
        String text = message.getBody(String.class);
        if (text == null || text.isBlank()) {
            return Map.of();
        }
        try {
            return Json.MAPPER.readValue(text, Json.OBJECT);
        } catch (JsonProcessingException e) {
            throw new ApiException(ApiError.invalid("The body must be a JSON object"), e);
        }
    }
}
