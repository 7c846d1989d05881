package dev.segno.camel.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.segno.camel.RunNode;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/** What is sent to a service: made of the exchange and the options of the call. Immutable. */
record ServiceRequest(String service, CallOptions options, ServiceCalls calls) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern PLACE = Pattern.compile("\\{([A-Za-z0-9_.-]+)}");

    /** What may stand nowhere in the target of a request: an address that was computed may hold it. */
    private static final Pattern UNSAFE = Pattern.compile("[^\\x21-\\x7E]+|[\"<>\\\\^`{|}]");

    /** What goes with the call: its keys and ids, and what the options name. */
    MultiMap headersOf(Exchange exchange) {
        MultiMap headers = headersOfStatus();
        Message message = exchange.getMessage();
        for (String name : options.requestHeaders()) {
            Optional.ofNullable(message.getHeader(name, String.class)).ifPresent(value -> headers.set(name, value));
        }
        String key = RunNode.idempotencyKey(exchange);
        if (key != null && options.hasEffect()) {
            headers.set("Idempotency-Key", key);
        } else if (options.hasEffect() && !headers.contains("Idempotency-Key")) {
            headers.set("Idempotency-Key", exchange.getExchangeId() + '/' + service + options.path());
        }
        if (options.hasEffect()) {
            headers.set(HttpHeaders.CONTENT_TYPE, "application/json");
        }
        String correlation = message.getHeader("X-Correlation-ID", String.class);
        if (correlation == null && key != null) {
            correlation = key.substring(0, key.indexOf('/'));
        }
        headers.set("X-Correlation-ID", correlation == null ? exchange.getExchangeId() : correlation);
        headers.set("X-Request-ID", UUID.randomUUID().toString());
        return headers;
    }

    /** What goes with the question whether the peer is busy. */
    MultiMap headersOfStatus() {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        headers.set(HttpHeaders.ACCEPT, "application/json");
        if (options.credentialHeader() != null && options.credential() != null) {
            calls.credential(options.credential()).ifPresent(value -> headers.set(options.credentialHeader(), value));
        }
        if (options.bearer() != null) {
            calls.tokens()
                    .of(options.bearer())
                    .ifPresent(token -> headers.set(HttpHeaders.AUTHORIZATION, "Bearer " + token));
        }
        return headers;
    }

    /** JSON or text; null for an empty body. */
    static @Nullable Buffer bodyOf(Message message) throws IOException {
        Object body = message.getBody();
        if (body == null) {
            return null;
        }
        if (body instanceof Map
                || body instanceof List
                || body instanceof Number
                || body instanceof JsonNode
                || body instanceof Boolean) {
            return Buffer.buffer(JSON.writeValueAsBytes(body));
        }
        if (body instanceof String text) {
            return Buffer.buffer(text);
        }
        byte[] bytes = message.getBody(byte[].class);
        if (bytes == null) {
            throw new IOException("A body of class " + body.getClass().getName() + " cannot be sent");
        }
        return Buffer.buffer(bytes);
    }

    /** The path with variables and headers in its places, encoded, so that data cannot change where a call goes. */
    String path(Exchange exchange) {
        String path = options.path();
        Matcher matcher = PLACE.matcher(path);
        StringBuilder filled = new StringBuilder();
        while (matcher.find()) {
            String name = matcher.group(1);
            Object value = exchange.getVariable(name);
            if (value == null) {
                value = exchange.getMessage().getHeader(name);
            }
            if (value == null) {
                throw new CallFailed(
                        "The path " + path + " needs a variable or header '" + name + "', which is not set",
                        0,
                        false,
                        null,
                        null);
            }
            matcher.appendReplacement(filled, Matcher.quoteReplacement(encoded(value.toString())));
        }
        return UNSAFE.matcher(matcher.appendTail(filled))
                .replaceAll(unsafe -> Matcher.quoteReplacement(encoded(unsafe.group())));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
