package dev.segno.logging;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.IThrowableProxy;
import java.util.stream.Collectors;

/**
 * {@code %safeEx}: a stack trace whose messages are safe. Its own lines begin with a tab or with {@code Caused by}; every
 * line that a message brings along is put behind the one before. Safe for concurrent use.
 */
public final class SafeThrowable extends ThrowableProxyConverter {

    @Override
    protected String throwableProxyToString(IThrowableProxy failure) {
        return super.throwableProxyToString(failure)
                        .lines()
                        .map(line -> isFrame(line)
                                ? "\n" + (line.startsWith("\t") ? "\t" : "") + SafeMessage.safe(line.strip())
                                : " / " + SafeMessage.safe(line))
                        .collect(Collectors.joining())
                        .replaceFirst("^ / ", "")
                + "\n";
    }

    private static boolean isFrame(String line) {
        String plain = line.strip();
        return (line.startsWith("\t")
                        && (plain.startsWith("at ") || plain.startsWith("... ") || plain.startsWith("Suppressed: ")))
                || line.startsWith("Caused by: ")
                || line.startsWith("Wrapped by: ");
    }
}
