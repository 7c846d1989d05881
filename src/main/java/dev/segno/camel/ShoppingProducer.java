package dev.segno.camel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.segno.camel.http.RefusedRequest;
import dev.segno.run.StoreUnavailable;
import dev.segno.security.ApiError;
import dev.segno.security.ApiException;
import dev.segno.shopping.ShoppingOperation;
import dev.segno.shopping.ShoppingReply;
import dev.segno.shopping.ShoppingRequest;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultAsyncProducer;
import org.jspecify.annotations.Nullable;

/** Hands a message to an operation of the shopping assistant, and its reply back; no thread waits for it. */
final class ShoppingProducer extends DefaultAsyncProducer {

    private final ShoppingOperation operation;
    private final Map<String, String> options;

    ShoppingProducer(Endpoint endpoint, ShoppingOperation operation, Map<String, String> options) {
        super(endpoint);
        this.operation = operation;
        this.options = options;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        CompletableFuture<ShoppingReply> reply;
        try {
            reply = operation.perform(request(exchange));
        } catch (RuntimeException | IOException e) {
            refuse(exchange, e);
            callback.done(true);
            return true;
        }
        boolean done = reply.isDone();
        reply.whenComplete((answer, error) -> {
            if (error != null) {
                refuse(exchange, Failures.unwrap(error));
            } else {
                take(exchange.getMessage(), answer);
            }
            callback.done(done);
        });
        return done;
    }

    private static void take(Message message, ShoppingReply answer) {
        message.setBody(Json.plain(answer.body()));
        answer.headers().forEach(message::setHeader);
        if (answer.status() > 0) {
            message.setHeader(Exchange.HTTP_RESPONSE_CODE, answer.status());
        }
    }

    /** Who asks wrongly is told so, and nobody else: as an exception it would be told to the log as well. */
    private static void refuse(Exchange exchange, Throwable error) {
        Optional<ApiError> known =
                error instanceof StoreUnavailable ? Optional.of(ApiError.ofStatus(503)) : ApiException.errorOf(error);
        if (known.isPresent() && RunFrame.current(exchange) == null) {
            exchange.setProperty(RefusedRequest.PROPERTY, known.get());
            exchange.setRouteStop(true);
        } else {
            exchange.setException(error);
        }
    }

    private ShoppingRequest request(Exchange exchange) throws IOException {
        Message message = exchange.getMessage();
        String caller = message.getHeader("Segno-Caller", String.class);
        boolean shown = !"none".equals(message.getHeader("Segno-Credential-In", "none", String.class));
        return new ShoppingRequest(
                body(message),
                name -> Optional.ofNullable(options.get(name))
                        .or(() -> Optional.ofNullable(exchange.getVariable("run." + name, String.class)))
                        .or(() -> Optional.ofNullable(message.getHeader(name, String.class))),
                shown ? Optional.ofNullable(caller) : Optional.empty(),
                Optional.ofNullable(RunNode.runOf(exchange)),
                Optional.ofNullable(RunNode.idempotencyKey(exchange)));
    }

    private static JsonNode body(Message message) throws IOException {
        @Nullable Object body = message.getBody();
        if (body == null) {
            return MissingNode.getInstance();
        }
        if (body instanceof String text) {
            return text.isBlank() ? MissingNode.getInstance() : Json.MAPPER.readTree(text);
        }
        return Json.tree(body);
    }
}
