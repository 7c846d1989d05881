package dev.segno.security;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Says which names from outside may become header names of a message. One rule for every door: HTTP headers, query and
 * form parameters, broker messages, signals, edited input.
 *
 * <p>Camel steers its components by headers, so a name that Camel would obey must never come from a caller. A name is
 * admitted when it consists of HTTP token characters only, and is neither a control name, nor a credential, nor a
 * property of the connection. Immutable, hence safe for concurrent use.
 */
public final class IngressFilter {

    /** The headers that carry credentials. They are read by {@link Authentication} and end there. */
    public static final Set<String> CREDENTIALS = Set.of(
            "authorization",
            "proxy-authorization",
            "cookie",
            "set-cookie",
            "x-api-key",
            "x-admin-key",
            "x-auth-token",
            "x-csrf-token",
            "sec-websocket-protocol",
            "authentication-info");

    private static final List<String> CONTROL_PREFIXES =
            List.of("camel", "org.apache.camel", "org-apache-camel", "org_apache_camel", "jms", "segno-");

    private static final Set<String> CONTROL = Set.of("long-running-action", "breadcrumbid");

    private static final Set<String> CONNECTION = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authenticate",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "http2-settings",
            "expect",
            "host",
            "content-length");

    /** Names that mean something as a header; a query or form parameter of that name would pass itself off as one. */
    private static final Set<String> HEADERS_ONLY = Set.of(
            "accept",
            "accept-charset",
            "accept-encoding",
            "accept-language",
            "baggage",
            "cache-control",
            "content-disposition",
            "content-encoding",
            "content-language",
            "content-location",
            "content-security-policy",
            "content-type",
            "date",
            "forwarded",
            "idempotency-key",
            "if-match",
            "if-none-match",
            "last-event-id",
            "location",
            "origin",
            "prefer",
            "refresh",
            "referer",
            "retry-after",
            "server",
            "strict-transport-security",
            "traceparent",
            "tracestate",
            "user-agent",
            "vary",
            "via",
            "www-authenticate",
            "x-content-type-options",
            "x-correlation-id",
            "x-frame-options",
            "x-http-method-override",
            "x-real-ip",
            "x-request-id");

    private static final List<String> HEADERS_ONLY_PREFIXES = List.of("access-control-", "sec-", "x-forwarded-");

    private static final boolean[] TOKEN = new boolean[128];

    static {
        for (char c = '0'; c <= '9'; c++) {
            TOKEN[c] = true;
        }
        for (char c = 'a'; c <= 'z'; c++) {
            TOKEN[c] = true;
            TOKEN[Character.toUpperCase(c)] = true;
        }
        for (char c : "!#$%&'*+-.^_`|~".toCharArray()) {
            TOKEN[c] = true;
        }
    }

    private final Set<String> credentials;

    /** The filter with the usual credentials. */
    public IngressFilter() {
        this(Set.of());
    }

    /** As the usual one; the names in {@code moreCredentials}, in any case, are kept out as well. */
    public IngressFilter(Set<String> moreCredentials) {
        Set<String> all = new HashSet<>(CREDENTIALS);
        moreCredentials.forEach(name -> all.add(name.toLowerCase(Locale.ROOT)));
        this.credentials = Set.copyOf(all);
    }

    /** Whether a header of this name may enter a message, and leave it again. */
    public boolean admitsHeader(String name) {
        if (!isToken(name)) {
            return false;
        }
        String lower = name.toLowerCase(Locale.ROOT);
        return !isControl(lower) && !CONNECTION.contains(lower) && !credentials.contains(lower);
    }

    /** Whether a query or form parameter of this name may enter a message as a header. */
    public boolean admitsParameter(String name) {
        if (!admitsHeader(name)) {
            return false;
        }
        String lower = name.toLowerCase(Locale.ROOT);
        return !HEADERS_ONLY.contains(lower) && HEADERS_ONLY_PREFIXES.stream().noneMatch(lower::startsWith);
    }

    /** Whether this is the name of a credential, wherever it stands. */
    public boolean isCredential(String name) {
        return credentials.contains(name.toLowerCase(Locale.ROOT));
    }

    /** Whether a message's header of this name may go out with a response. */
    public boolean admitsResponse(String name) {
        if (!isToken(name)) {
            return false;
        }
        String lower = name.toLowerCase(Locale.ROOT);
        return !isControl(lower)
                && !CONNECTION.contains(lower)
                && (lower.equals("set-cookie") || !credentials.contains(lower));
    }

    private static boolean isControl(String lower) {
        return CONTROL.contains(lower) || CONTROL_PREFIXES.stream().anyMatch(lower::startsWith);
    }

    private static boolean isToken(String name) {
        if (name.isEmpty() || name.length() > 256) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c >= 128 || !TOKEN[c]) {
                return false;
            }
        }
        return true;
    }
}
