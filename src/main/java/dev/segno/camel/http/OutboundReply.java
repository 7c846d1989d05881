package dev.segno.camel.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.segno.security.IngressFilter;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.NoTypeConversionAvailableException;
import org.apache.camel.StreamCache;
import org.jspecify.annotations.Nullable;

/**
 * The answer that a finished exchange stands for, made off the event loop because converting may block.
 *
 * <p>Headers that came in with the request and were left as they were do not go out again: a caller could else set any
 * response header through a query parameter. Without a type of its own, a tree, map or list and text that begins as one
 * are {@code application/json}, other text is {@code text/plain}, and bytes are {@code application/octet-stream}.
 *
 * @param status the HTTP status, 200..599
 * @param headers names and values
 * @param content the body in memory, or null
 * @param stream the body as a stream, or null; whoever writes it closes it
 */
record OutboundReply(
        int status,
        Map<String, List<String>> headers,
        @Nullable Buffer content,
        @Nullable InputStream stream) {

    /** Bodies above this many bytes are written piece by piece, as fast as the client takes them. */
    private static final int MAX_AT_ONCE = 256 * 1024;

    private static final String CONTENT_TYPE = "Content-Type";

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Reads the answer off an exchange that did not fail.
     *
     * @param cameIn the headers that the request brought
     * @throws NoTypeConversionAvailableException when the body is of a type that cannot be sent
     * @throws JsonProcessingException when a map or list holds what is not JSON
     */
    static OutboundReply of(Exchange exchange, Map<String, Object> cameIn, IngressFilter filter)
            throws NoTypeConversionAvailableException, JsonProcessingException {
        Message message = exchange.getMessage();
        @Nullable Object body = message.getBody();
        int status = status(message, body);
        Map<String, List<String>> headers = headers(message, cameIn, filter);
        if (status == 204 || status == 304) {
            headers.remove(CONTENT_TYPE);
            return new OutboundReply(status, headers, null, null);
        }
        String type = "application/octet-stream";
        @Nullable Buffer content = null;
        @Nullable InputStream stream = null;
        if (body == null) {
            content = Buffer.buffer();
        } else if (body instanceof JsonNode || body instanceof Map || body instanceof Collection) {
            type = "application/json";
            content = Buffer.buffer(JSON.writeValueAsBytes(body));
        } else if (body instanceof CharSequence || body instanceof Number || body instanceof Boolean) {
            String text = body.toString();
            type = looksLikeJson(text) ? "application/json" : "text/plain; charset=utf-8";
            content = Buffer.buffer(text.getBytes(StandardCharsets.UTF_8));
        } else if (body instanceof Buffer buffer) {
            content = buffer;
        } else if (body instanceof byte[] bytes) {
            content = Buffer.buffer(bytes);
        } else {
            if (body instanceof StreamCache cache) {
                cache.reset();
            }
            stream = exchange.getContext().getTypeConverter().mandatoryConvertTo(InputStream.class, exchange, body);
        }
        if (content != null && content.length() > MAX_AT_ONCE) {
            stream = new ByteArrayInputStream(content.getBytes());
            headers.put("Content-Length", List.of(String.valueOf(content.length())));
            content = null;
        }
        if (body != null) {
            headers.putIfAbsent(CONTENT_TYPE, List.of(type));
        }
        return new OutboundReply(status, headers, content, stream);
    }

    private static int status(Message message, @Nullable Object body) {
        @Nullable Integer chosen = message.getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
        if (chosen == null) {
            return body == null || (body instanceof String text && text.isBlank()) ? 204 : 200;
        }
        return chosen >= 200 && chosen <= 599 ? chosen : 500;
    }

    private static Map<String, List<String>> headers(
            Message message, Map<String, Object> cameIn, IngressFilter filter) {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (Map.Entry<String, Object> header : message.getHeaders().entrySet()) {
            String name = header.getKey();
            @Nullable Object value = header.getValue();
            if (value == null || !filter.admitsResponse(name)) {
                continue;
            }
            boolean untouched = value.equals(cameIn.get(name));
            if (untouched && !(name.equalsIgnoreCase(CONTENT_TYPE) && isJson(value.toString()))) {
                continue;
            }
            List<String> texts = (value instanceof Collection<?> many ? many : List.of(value))
                    .stream()
                            .filter(OutboundReply::isPlain)
                            .map(String::valueOf)
                            .toList();
            if (!texts.isEmpty() && texts.stream().allMatch(OutboundReply::isHeaderText)) {
                headers.put(name, texts);
            }
        }
        return headers;
    }

    private static boolean isPlain(@Nullable Object value) {
        return value instanceof CharSequence
                || value instanceof Number
                || value instanceof Boolean
                || value instanceof Enum;
    }

    /** Whether a value fits into a header line: nothing that ends the line, nothing outside Latin-1. */
    private static boolean isHeaderText(String text) {
        return text.length() <= 8192 && text.chars().allMatch(c -> c == '\t' || (c >= ' ' && c < 0x100 && c != 0x7f));
    }

    private static boolean isJson(String type) {
        String lower = type.toLowerCase(Locale.ROOT);
        return lower.startsWith("application/json") || lower.contains("+json");
    }

    private static boolean looksLikeJson(String text) {
        return text.startsWith("{") || text.startsWith("[");
    }
}
