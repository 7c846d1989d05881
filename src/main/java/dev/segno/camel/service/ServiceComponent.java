package dev.segno.camel.service;

import dev.segno.control.Settings;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;
import org.jspecify.annotations.Nullable;

/** {@code service:NAME?path=…}: calls the service of that name. */
public final class ServiceComponent extends DefaultComponent {

    public static final String SCHEME = "service";

    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");

    private static final Duration FIRST_PAUSE = Duration.ofMillis(150);

    private final ServiceCalls calls;

    public ServiceComponent(CamelContext context, ServiceCalls calls) {
        super(context);
        this.calls = calls;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        String method = text(parameters, "method", "POST").toUpperCase(Locale.ROOT);
        if (!METHODS.contains(method)) {
            throw new IllegalArgumentException("service:" + remaining + ": method must be one of " + METHODS);
        }
        Duration timeout = duration(parameters, "timeoutMs", Duration.ofSeconds(10));
        String path = text(parameters, "path", "/");
        if (path.contains("?")) {
            throw new IllegalArgumentException("service:" + remaining + ": the path " + path
                    + " holds a query, which would end at its first &; write it as query: limit=5, id={id}");
        }
        CallOptions options = new CallOptions(
                method,
                path + query(parameters),
                timeout,
                getAndRemoveParameter(parameters, "tries", Integer.class, 1),
                duration(parameters, "pauseMs", FIRST_PAUSE),
                !text(parameters, "retry", "auto").equals("never"),
                getAndRemoveParameter(parameters, "untilDeadline", Boolean.class, false),
                text(parameters, "refusals", "fail").equals("take"),
                getAndRemoveParameter(parameters, "busyStatus", Integer.class, 0),
                getAndRemoveParameter(parameters, "busyPath", String.class),
                text(parameters, "busyField", "isProcessing"),
                duration(parameters, "busyTimeoutMs", timeout),
                getAndRemoveParameter(parameters, "credentialHeader", String.class),
                getAndRemoveParameter(parameters, "credential", String.class),
                getAndRemoveParameter(parameters, "bearer", String.class),
                names(parameters, "requestHeaders"),
                names(parameters, "answerHeaders"));
        if (!options.path().startsWith("/")) {
            throw new IllegalArgumentException("service:" + remaining + ": path must begin with /");
        }
        return new ServiceEndpoint(uri, this, remaining, options, calls);
    }

    /** The query, with the question mark; empty if there is none. In an address of Camel's no {@code &} may stand. */
    private String query(Map<String, Object> parameters) {
        List<String> items = names(parameters, "query");
        return items.isEmpty() ? "" : "?" + String.join("&", items);
    }

    private String text(Map<String, Object> parameters, String name, String otherwise) {
        @Nullable String value = getAndRemoveParameter(parameters, name, String.class);
        return value == null || value.isBlank() ? otherwise : value;
    }

    private List<String> names(Map<String, Object> parameters, String name) {
        return Arrays.stream(text(parameters, name, "").split(","))
                .map(String::strip)
                .filter(header -> !header.isEmpty())
                .toList();
    }

    /** Milliseconds, or a length of time as settings have it: these options are given by settings as a rule. */
    private Duration duration(Map<String, Object> parameters, String name, Duration otherwise) {
        @Nullable String text = getAndRemoveParameter(parameters, name, String.class);
        if (text == null || text.isBlank()) {
            return otherwise;
        }
        Duration given = Settings.durationOf(name, text.strip());
        if (given.toMillis() <= 0) {
            throw new IllegalArgumentException(name + " must be more than 0 ms, not " + text);
        }
        return given;
    }
}
