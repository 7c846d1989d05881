package dev.segno.camel;

import java.time.Duration;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;
import org.jspecify.annotations.Nullable;

/**
 * {@code await:NAME?timeout=24h} waits for a signal, {@code await:sleep?for=7d} for the time alone. Neither holds a thread
 * nor memory, and both survive a restart.
 */
public final class AwaitComponent extends DefaultComponent {

    public static final String SCHEME = "await";

    /** Header that says {@code true} behind an await whose time was up before its signal came. */
    public static final String TIMED_OUT = "SegnoTimedOut";

    private static final String SLEEP = "sleep";

    AwaitComponent(CamelContext context) {
        super(context);
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        boolean sleep = remaining.equals(SLEEP);
        Duration atMost = duration(uri, getAndRemoveParameter(parameters, sleep ? "for" : "timeout", String.class));
        if (sleep && atMost == null) {
            throw new IllegalArgumentException("await:sleep needs the option for, as in await:sleep?for=7d");
        }
        if (remaining.isBlank()) {
            throw new IllegalArgumentException("await: needs the name of a signal, as in await:approval?timeout=24h");
        }
        return new AwaitEndpoint(uri, this, sleep ? null : remaining, atMost);
    }

    private @Nullable Duration duration(String uri, @Nullable String text) {
        if (text == null) {
            return null;
        }
        Duration duration = getCamelContext().getTypeConverter().tryConvertTo(Duration.class, text);
        if (duration == null || duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException(
                    "'" + text + "' in " + uri + " is no time to wait; write it as 90s, 15m, 24h, 7d or PT24H");
        }
        return duration;
    }
}
