package dev.segno.camel.http;

import dev.segno.run.TraceIds;
import dev.segno.security.ApiError;
import dev.segno.security.ApiException;
import dev.segno.security.Caller;
import dev.segno.security.IngressFilter;
import dev.segno.security.RequestId;
import dev.segno.security.UntrustedJson;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayInputStream;
import java.net.URLDecoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.util.CollectionHelper;
import org.jspecify.annotations.Nullable;

/**
 * Turns a request into a message.
 *
 * <p>Headers are what {@link IngressFilter} admits of the request's headers, then of its query and form parameters, then
 * the parameters of its path; a parameter never replaces or extends a header. Of Camel's own headers the method, the path
 * and the query are set. {@code CamelHttpUri} and {@code CamelHttpUrl} are not: an HTTP producer would follow them.
 * {@code Segno-Caller} and {@code Segno-Credential-In} ({@code none}, {@code header}, {@code query}) say who called,
 * {@code Segno-Request-Id} which request it is. Where requests are correlated, {@code X-Correlation-ID} and
 * {@code traceparent} are always there.
 *
 * <p>The body is a String for JSON (which must be well-formed) and text, a Map for a form, bytes for everything else, and
 * null when there is none. Immutable, hence safe for concurrent use.
 */
final class InboundMessage {

    static final String CALLER = "Segno-Caller";
    static final String ROLE = "Segno-Role";
    static final String CREDENTIAL_IN = "Segno-Credential-In";
    static final String REQUEST_ID = "Segno-Request-Id";

    private final IngressFilter filter;
    private final boolean stream;

    /**
     * @param stream whether the route wants its body as an InputStream
     */
    InboundMessage(IngressFilter filter, boolean stream) {
        this.filter = filter;
        this.stream = stream;
    }

    /**
     * Fills a message. The request's body must have been read.
     *
     * @throws ApiException with status 400 or 415 when the body is not what it claims to be
     */
    void fill(RoutingContext ctx, Message message) {
        Map<String, Object> headers = message.getHeaders();
        for (Map.Entry<String, String> header : ctx.request().headers()) {
            if (filter.admitsHeader(header.getKey())) {
                CollectionHelper.appendEntry(headers, header.getKey(), header.getValue());
            }
        }
        boolean form = isForm(ctx);
        addParameters(ctx, headers, form);
        ctx.pathParams().forEach((name, value) -> {
            if (!name.equals("*")) {
                headers.put(name, value);
            }
        });
        headers.put(Exchange.HTTP_METHOD, ctx.request().method().name());
        headers.put(Exchange.HTTP_PATH, ctx.normalizedPath());
        @Nullable String query = ctx.request().query();
        if (query != null) {
            headers.put(Exchange.HTTP_QUERY, withoutSecrets(query, Handover.secretParameters(ctx)));
        }
        @Nullable Caller caller = Caller.of(ctx);
        if (caller != null) {
            headers.put(CALLER, caller.name());
            headers.put(CREDENTIAL_IN, caller.place().name().toLowerCase(Locale.ROOT));
            headers.put(ROLE, caller.role().text());
        }
        headers.put(REQUEST_ID, RequestId.of(ctx.request()));
        @Nullable String correlation = Handover.correlationId(ctx);
        if (correlation != null) {
            replace(headers, Handover.CORRELATION_HEADER, correlation);
            @Nullable Object trace = headers.get(TraceIds.HEADER);
            replace(headers, TraceIds.HEADER, TraceIds.givenOrNew(trace instanceof String text ? text : null));
        }
        message.setBody(form ? formBody(ctx) : body(ctx));
    }

    /** Sets a header under exactly this name: a map that ignores case would keep the caller's spelling. */
    private static void replace(Map<String, Object> headers, String name, String value) {
        headers.remove(name);
        headers.put(name, value);
    }

    private void addParameters(RoutingContext ctx, Map<String, Object> headers, boolean form) {
        if (ctx.request().query() == null && !form) {
            return;
        }
        Set<String> secrets = Handover.secretParameters(ctx);
        Map<String, Object> parameters = new LinkedHashMap<>();
        for (Map.Entry<String, String> parameter : ctx.queryParams()) {
            String name = parameter.getKey();
            if (filter.admitsParameter(name) && !secrets.contains(name) && !headers.containsKey(name)) {
                CollectionHelper.appendEntry(parameters, name, parameter.getValue());
            }
        }
        if (form) {
            formBody(ctx).forEach((name, value) -> {
                if (!headers.containsKey(name)) {
                    parameters.putIfAbsent(name, value);
                }
            });
        }
        headers.putAll(parameters);
    }

    /** The fields of a form, but for those that may not become headers either. */
    private Map<String, Object> formBody(RoutingContext ctx) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (Map.Entry<String, String> field : ctx.request().formAttributes()) {
            if (filter.admitsParameter(field.getKey())) {
                CollectionHelper.appendEntry(fields, field.getKey(), field.getValue());
            }
        }
        return fields;
    }

    private @Nullable Object body(RoutingContext ctx) {
        @Nullable Buffer buffer = ctx.body().buffer();
        if (buffer == null || buffer.length() == 0) {
            return null;
        }
        byte[] bytes = buffer.getBytes();
        String type = mediaType(ctx);
        boolean json = type.equals("application/json") || type.endsWith("+json");
        if (json && !Handover.isBodyJson(ctx)) {
            UntrustedJson.check(bytes);
        }
        if (stream) {
            return new ByteArrayInputStream(bytes);
        }
        if (json || Handover.isBodyJson(ctx)) {
            return UntrustedJson.utf8(bytes);
        }
        if (type.startsWith("text/") || type.equals("application/xml") || type.endsWith("+xml")) {
            Charset charset = charset(ctx);
            return charset.equals(StandardCharsets.UTF_8) ? UntrustedJson.utf8(bytes) : new String(bytes, charset);
        }
        return bytes;
    }

    private static boolean isForm(RoutingContext ctx) {
        return mediaType(ctx).equals("application/x-www-form-urlencoded") && !Handover.isBodyJson(ctx);
    }

    private static String mediaType(RoutingContext ctx) {
        @Nullable String type = ctx.request().getHeader("Content-Type");
        if (type == null) {
            return "";
        }
        int end = type.indexOf(';');
        return (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    private static Charset charset(RoutingContext ctx) {
        @Nullable String name = ctx.parsedHeaders().contentType().parameter("charset");
        if (name == null) {
            return StandardCharsets.UTF_8;
        }
        try {
            return Charset.forName(name);
        } catch (IllegalArgumentException e) {
            throw new ApiException(new ApiError(415, "unsupported-media-type", "The charset is not known"), e);
        }
    }

    private String withoutSecrets(String query, Set<String> secrets) {
        StringJoiner kept = new StringJoiner("&");
        for (String pair : query.split("&")) {
            int end = pair.indexOf('=');
            // Decoded first: k%65y is the same name.
            String name = URLDecoder.decode(end < 0 ? pair : pair.substring(0, end), StandardCharsets.UTF_8);
            if (!secrets.contains(name) && !filter.isCredential(name)) {
                kept.add(pair);
            }
        }
        return kept.toString();
    }
}
