package dev.segno.logging;

import ch.qos.logback.classic.pattern.MessageConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.segno.security.Redaction;
import java.util.regex.Pattern;

/** {@code %safeMsg}: a message on one line, without control characters and without secrets. Safe for concurrent use. */
public final class SafeMessage extends MessageConverter {

    /** Line ends of all kinds, and what a terminal would obey. */
    private static final Pattern CONTROL =
            Pattern.compile("[\\p{Cntrl}\\x80-\\x9f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069]+");

    @Override
    public String convert(ILoggingEvent event) {
        return safe(String.valueOf(super.convert(event)));
    }

    static String safe(String text) {
        return CONTROL.matcher(Redaction.of(text)).replaceAll(" / ");
    }
}
